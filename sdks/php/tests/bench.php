<?php

declare(strict_types=1);

// Microseconds a call, bare ext-curl beside the SDK: php tests/bench.php URL COUNT ROUNDS (bench/sdks.py runs it).

require __DIR__ . '/../init.php';

use NoKYCNumber\Client;
use NoKYCNumber\Contract;

const KEY = 'sk_test_bench';
const MESSAGE = ['from' => 'num_8a4c2f1e9b3d', 'to' => '+33612345678', 'body' => 'Hello'];

[, $url, $count, $rounds] = $argv;
$curl = curl_init();
$bare = static function () use ($curl, $url): string {
    curl_setopt_array($curl, [
        CURLOPT_URL => "$url/v1/sms",
        CURLOPT_POSTFIELDS => json_encode(MESSAGE),
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_TIMEOUT => 30,
        CURLOPT_HTTPHEADER => [
            'Authorization: Bearer ' . KEY,
            'Content-Type: application/json',
            'NoKYC-Version: ' . Contract::API_VERSION,
            'Idempotency-Key: ' . bin2hex(random_bytes(16)),
        ],
    ]);

    return json_decode((string) curl_exec($curl), true)['id'];
};
$client = new Client(KEY, $url);
$sdk = static fn (): string => $client->sms->create(...MESSAGE)->id;
$timed = static function (Closure $call) use ($count): float {
    for ($turn = 0; $turn < $count / 10; $turn++) {
        $call();
    }
    $began = hrtime(true);
    for ($turn = 0; $turn < $count; $turn++) {
        $call();
    }

    return (hrtime(true) - $began) / $count / 1000;
};
$figures = ['bare_us' => [], 'sdk_us' => []];
for ($round = 0; $round < $rounds; $round++) {
    $figures['bare_us'][] = $timed($bare);
    $figures['sdk_us'][] = $timed($sdk);
}
echo json_encode($figures), "\n";
