<?php

declare(strict_types=1);

// Runs the cases that all SDKs share (sdks/conformance), or the suites that are named, and prints one line of JSON for
// each. It needs NOKYC_CONFORMANCE_URL; TRANSPORT=stream has requests sent through streams instead of curl.

require __DIR__ . '/../init.php';

use NoKYCNumber\Client;
use NoKYCNumber\Core\Json;
use NoKYCNumber\Decimal;
use NoKYCNumber\Exception;
use NoKYCNumber\Http\CurlTransport;
use NoKYCNumber\Http\Response;
use NoKYCNumber\Http\StreamTransport;
use NoKYCNumber\Page;
use NoKYCNumber\RequestOptions;
use NoKYCNumber\Webhook;

const INSTANTS = ['send_at', 'created_after', 'created_before'];

final class Mismatch extends LogicException
{
}

function run(array $case, string $transport): void
{
    if (isset($case['construct'])) {
        construct($case);
    } elseif (isset($case['generate'])) {
        $given = $case['generate'];
        same('header', $case['expect']['header'], Webhook::generateTestHeader($given['payload'], $given['secret'], $given['timestamp']));
    } elseif (isset($case['secrets'])) {
        webhook($case);
    } else {
        call($case, $transport);
    }
}

function construct(array $case): void
{
    foreach (['NOKYC_API_KEY', 'NOKYC_BASE_URL'] as $name) {
        putenv(isset($case['env'][$name]) ? "$name={$case['env'][$name]}" : $name);
    }
    try {
        $got = ['base_url' => (new Client(...named($case['construct'])))->baseUrl];
    } catch (Exception\InvalidArgumentException) {
        $got = ['error' => 'usage'];
    }
    same('client', $case['expect'], $got);
}

function webhook(array $case): void
{
    try {
        $event = Webhook::constructEvent($case['payload'], $case['header'], $case['secrets'], $case['tolerance'] ?? 300, $case['now']);
        $got = ['type' => plain($event->type)];
    } catch (Exception\SignatureVerificationException $error) {
        $hint = $case['expect']['hint'] ?? '';
        $got = ['reason' => $error->reason, 'hint' => str_contains($error->getMessage(), $hint) ? $hint : null];
    } catch (Exception\InvalidArgumentException) {
        $got = ['error' => 'usage'];
    }
    same('event', $case['expect'], $got);
}

function call(array $case, string $transport): void
{
    $script = exchange('POST', '/scripts', ['replies' => $case['replies']]);
    $seen = ['sleeps' => [], 'error' => null, 'result' => null, 'items' => []];
    $client = makeClient($case['client'] ?? [], $script['base_url'], $transport, $seen['sleeps']);
    try {
        $result = invoke($client, $case['call']);
        if (array_key_exists('iterate', $case['call'])) {
            $left = $case['call']['iterate'] ?? PHP_INT_MAX;
            foreach ($result->autoPagingIterator() as $item) {
                $seen['items'][] = $item->id;
                if (--$left <= 0) {
                    break;
                }
            }
        }
        $seen['result'] = $result;
    } catch (Exception\ExceptionInterface $error) {
        $seen['error'] = $error;
        isset($case['expect']['error']) || throw $error;
    }
    $seen['requests'] = exchange('GET', "/scripts/{$script['id']}")['requests'];
    foreach ($case['expect'] as $name => $wanted) {
        compare($name, $wanted, $seen);
    }
}

function makeClient(array $config, string $baseUrl, string $transport, array &$sleeps): Client
{
    return new Client(
        apiKey: 'sk_test_conformance',
        baseUrl: $baseUrl,
        maxRetries: $config['max_retries'] ?? 4,
        timeout: ($config['timeout_ms'] ?? 30_000) / 1000,
        app: $config['app'] ?? null,
        transport: $transport === 'stream' ? new StreamTransport() : new CurlTransport(),
        sleep: static function (float $seconds) use (&$sleeps): void {
            $sleeps[] = $seconds;
        },
        random: isset($config['random']) ? static fn (): float => (float) $config['random'] : null,
        clock: isset($config['now']) ? static fn (): float => (float) $config['now'] : null,
    );
}

function invoke(Client $client, array $call): mixed
{
    $given = $call['options'] ?? [];
    if (isset($given['timeout_ms'])) {
        $given['timeout'] = $given['timeout_ms'] / 1000;
        unset($given['timeout_ms']);
    }
    $options = new RequestOptions(...named($given));
    if ($call['operation'] === 'request') {
        return $client->request($call['method'], $call['url'], $call['query'] ?? [], $call['body'] ?? null, $options);
    }
    $target = $client;
    $parts = explode('.', $call['operation']);
    $method = camel(array_pop($parts));
    foreach ($parts as $part) {
        $target = $target->{camel($part)};
    }
    $arguments = ($call['body'] ?? []) + ($call['query'] ?? []);
    foreach (INSTANTS as $name) {
        if (isset($arguments[$name])) {
            $arguments[$name] = new DateTimeImmutable($arguments[$name]);
        }
    }

    return $target->$method(...($call['path'] ?? []), ...named($arguments), options: $options);
}

function compare(string $name, mixed $wanted, array $seen): void
{
    match ($name) {
        'requests' => compareRequests($wanted, $seen['requests']),
        'count' => same($name, $wanted, count($seen['requests'])),
        'same_header' => same($name, 1, count(array_unique(array_map(static fn ($each) => $each['headers'][$wanted], $seen['requests'])))),
        'sleeps' => same($name, $wanted, $seen['sleeps']),
        'items' => same($name, $wanted, $seen['items']),
        'result' => same($name, $wanted, plain($seen['result'])),
        'raw' => same($name, $wanted, $seen['result']->raw),
        'no_result' => same($name, null, $seen['result']),
        'typed' => array_walk($wanted, static fn ($value, $path) => same($path, $value, tagged(walk($seen['result'], $path)))),
        'response' => compareResponse($wanted, $seen['result']->response),
        'error' => compareError($wanted, $seen['error']),
    };
}

function compareRequests(array $wanted, array $got): void
{
    same('requests', count($wanted), count($got));
    foreach ($wanted as $at => $each) {
        foreach ($each as $name => $value) {
            if ($name === 'headers') {
                foreach ($value as $header => $rule) {
                    $text = $got[$at]['headers'][$header] ?? null;
                    is_array($rule) ? same($header, 1, preg_match("#{$rule['matches']}#", (string) $text)) : same($header, $rule, $text);
                }
            } elseif ($name === 'no_headers') {
                same($name, [], array_values(array_intersect($value, array_keys($got[$at]['headers']))));
            } elseif ($name === 'query') {
                sort($value);
                sort($got[$at]['query']);
                same($name, $value, $got[$at]['query']);
            } else {
                same($name, $value, $got[$at][$name] ?? null);
                $name === 'json' && same($name, $got[$at][$name], $value); // nothing more may have been sent
            }
        }
    }
}

function compareResponse(array $wanted, Response $got): void
{
    same('response', $wanted, ['status' => $got->status, 'request_id' => $got->requestId(), 'deprecation' => $got->deprecation(), 'headers' => $got->headers]);
}

function compareError(array $wanted, ?Throwable $error): void
{
    $short = (new ReflectionClass($error))->getShortName();
    $names = ['InvalidArgumentException' => 'usage'];
    $name = static fn (string $class) => $names[$class] ?? preg_replace(['/Exception$/', '/^Api/'], ['Error', 'API'], $class);
    $got = ['class' => $name($short), 'text' => $error->getMessage()];
    foreach ($wanted['is'] ?? [] as $parent) {
        $parent = 'NoKYCNumber\\Exception\\' . preg_replace(['/Error$/', '/^API/'], ['Exception', 'Api'], $parent);
        same("is $parent", true, $error instanceof $parent);
    }
    foreach ($wanted['not_in_text'] ?? [] as $secret) {
        same("no $secret", false, str_contains((string) $error->getMessage() . print_r($error, true), $secret) && str_contains($error->getMessage(), $secret));
    }
    if ($error instanceof Exception\ApiStatusException) {
        $got += ['status' => $error->status, 'type' => $error->errorType, 'code' => $error->errorCode, 'param' => $error->param];
        $got += ['request_id' => $error->requestId, 'retry_after' => $error->retryAfter(), 'limit' => $error->limit()];
        $got += ['remaining' => $error->remaining(), 'reset' => $error->reset()];
    }
    same('error', array_diff_key($wanted, ['is' => 0, 'not_in_text' => 0]), $got);
}

/** Compares JSON values; objects may have more fields than wanted. */
function same(string $name, mixed $wanted, mixed $got): void
{
    if (!fits($wanted, $got)) {
        throw new Mismatch("$name: " . json_encode($got) . ' instead of ' . json_encode($wanted));
    }
}

function fits(mixed $wanted, mixed $got): bool
{
    if (is_array($wanted)) {
        // [] is an empty object, too.
        $fits = is_array($got) && (!array_is_list($wanted) || !array_is_list($got) || count($wanted) === count($got));
        foreach ($wanted as $name => $value) {
            $fits = $fits && fits($value, $got[$name] ?? null);
        }

        return $fits;
    }
    if (is_float($wanted) || is_float($got)) {
        return is_numeric($wanted) && is_numeric($got) && abs($wanted - $got) < 1e-9;
    }

    return $wanted === $got;
}

/** Follows a path of wire names and positions through typed values. */
function walk(mixed $value, string $path): mixed
{
    foreach (explode('.', $path) as $part) {
        $value = is_array($value) ? $value[$part] : $value->{camel($part)};
    }

    return $value;
}

function tagged(mixed $value): mixed
{
    return match (true) {
        $value instanceof Decimal => ['decimal' => (string) $value],
        $value instanceof DateTimeInterface => ['instant' => (float) $value->format('U.u')],
        default => plain($value),
    };
}

/** A typed value as its JSON says it. */
function plain(mixed $value): mixed
{
    if ($value instanceof Response) {
        return $value->json();
    }
    if ($value instanceof Page) {
        return ['data' => array_map(plain(...), $value->data), 'has_more' => $value->hasMore, 'next_cursor' => $value->nextCursor] + $value->raw;
    }
    $plain = match (true) {
        $value instanceof Decimal => $value->toFloat(),
        $value instanceof DateTimeInterface => Json::time($value),
        $value instanceof BackedEnum => $value->value,
        is_array($value) => array_map(plain(...), $value),
        is_object($value) => array_map(plain(...), array_diff_key(get_object_vars($value), ['raw' => 0, 'response' => 0])),
        default => $value,
    };

    return is_object($value) && is_array($plain) ? array_combine(array_map(snake(...), array_keys($plain)), $plain) : $plain;
}

function named(array $arguments): array
{
    return array_combine(array_map(camel(...), array_keys($arguments)), $arguments);
}

function camel(string $name): string
{
    return lcfirst(str_replace('_', '', ucwords($name, '_')));
}

function snake(string $name): string
{
    return strtolower((string) preg_replace('/[A-Z]/', '_$0', $name));
}

function exchange(string $method, string $path, ?array $body = null): array
{
    $curl = curl_init(getenv('NOKYC_CONFORMANCE_URL') . $path);
    curl_setopt_array($curl, [CURLOPT_CUSTOMREQUEST => $method, CURLOPT_RETURNTRANSFER => true]);
    curl_setopt($curl, CURLOPT_POSTFIELDS, json_encode($body));

    return json_decode(curl_exec($curl), true);
}

$failed = false;
foreach (glob(__DIR__ . '/../../conformance/*.json') as $file) {
    if ($argc > 1 && !in_array(basename($file, '.json'), array_slice($argv, 1), true)) {
        continue;
    }
    $suite = json_decode(file_get_contents($file), true);
    foreach ($suite['cases'] as $case) {
        $detail = '';
        try {
            run($case, getenv('TRANSPORT') ?: 'curl');
        } catch (Throwable $error) {
            $detail = get_class($error) . ' ' . $error->getMessage();
        }
        $failed = $failed || $detail !== '';
        echo json_encode(['suite' => $suite['suite'], 'case' => $case['name'], 'ok' => $detail === '', 'detail' => $detail]), "\n";
    }
}
exit($failed ? 1 : 0);
