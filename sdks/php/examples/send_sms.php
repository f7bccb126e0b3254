<?php

declare(strict_types=1);

// Find a number, activate it, send an SMS with it: NOKYC_API_KEY=sk_test_… php send_sms.php

require __DIR__ . '/../init.php'; // or Composer's vendor/autoload.php

$client = new NoKYCNumber\Client();
$offer = $client->numbers->available(country: 'fr', type: 'mobile')->data[0];
$number = $client->numbers->create(availableId: $offer->id, billingPeriod: 'monthly');
$sms = $client->sms->create(from: $number->id, to: '+33612345678', body: 'Bonjour. Your code is 482917.');
echo "$sms->id from $number->display: {$sms->status->value}, $sms->segments segment, $sms->costUsd USD\n";
