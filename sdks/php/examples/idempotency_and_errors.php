<?php

declare(strict_types=1);

// A key of one's own, and what can go wrong.

require __DIR__ . '/../init.php'; // or Composer's vendor/autoload.php

use NoKYCNumber\Exception\ApiConnectionException;
use NoKYCNumber\Exception\NotFoundException;
use NoKYCNumber\Exception\PaymentRequiredException;
use NoKYCNumber\Exception\RateLimitException;
use NoKYCNumber\RequestOptions;

$client = new NoKYCNumber\Client(maxRetries: 2, timeout: 10);
try {
    $options = new RequestOptions(idempotencyKey: 'order-1042');
    echo $client->sms->create(from: 'num_000000000000', to: '+33612345678', body: 'Hello', options: $options)->id, "\n";
} catch (PaymentRequiredException $error) {
    echo "top up first: {$error->getMessage()}\n";
} catch (NotFoundException $error) {
    echo "$error->errorMessage Support would ask for $error->requestId.\n";
} catch (RateLimitException $error) {
    echo "try again in {$error->retryAfter()} seconds\n";
} catch (ApiConnectionException $error) {
    echo "no answer; repeat it with the same key: {$error->getMessage()}\n";
}
