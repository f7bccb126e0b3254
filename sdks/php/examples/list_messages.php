<?php

declare(strict_types=1);

// Go through all messages; pages are fetched as they are needed.

require __DIR__ . '/../init.php'; // or Composer's vendor/autoload.php

use NoKYCNumber\Enums\SmsDirection;

$total = 0;
$client = new NoKYCNumber\Client();
foreach ($client->sms->list(direction: SmsDirection::Outbound, limit: 100)->autoPagingIterator() as $sms) {
    echo $sms->id, ' ', $sms->status->value ?? $sms->status, ' ', $sms->createdAt->format(DATE_ATOM), "\n";
    $total++;
}
echo "$total messages\n";
