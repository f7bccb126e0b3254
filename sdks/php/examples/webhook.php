<?php

declare(strict_types=1);

// A webhook receiver: WEBHOOK_SECRET=whsec_… php -S 127.0.0.1:8000 webhook.php

require __DIR__ . '/../init.php'; // or Composer's vendor/autoload.php

use NoKYCNumber\Enums\EventType;
use NoKYCNumber\Exception\SignatureVerificationException;
use NoKYCNumber\Webhook;

try {
    $header = $_SERVER['HTTP_X_NOKYC_SIGNATURE'] ?? null;
    $event = Webhook::constructEvent((string) file_get_contents('php://input'), $header, (string) getenv('WEBHOOK_SECRET'));
} catch (SignatureVerificationException $error) {
    http_response_code(400);
    exit;
}
if ($event->type === EventType::SmsReceived) {
    error_log("from {$event->data->object->fromE164}");
}
http_response_code(204);
