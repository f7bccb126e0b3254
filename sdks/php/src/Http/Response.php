<?php

declare(strict_types=1);

namespace NoKYCNumber\Http;

use NoKYCNumber\Core\Json;

/**
 * What the server answered.
 */
final class Response
{
    /**
     * @param array<string, string> $headers names in lower case
     * @param array<array-key, mixed>|null $content the body as objects, with exact decimals; null if nobody read it
     */
    public function __construct(
        public readonly int $status,
        public readonly array $headers,
        public readonly string $body,
        public readonly int $attempts = 1,
        public readonly ?array $content = null,
    ) {
    }

    /** @param list<string> $lines header lines; of several answers (100 Continue) the last counts */
    public static function fromLines(array $lines, string $body): self
    {
        $status = 0;
        $headers = [];
        foreach ($lines as $line) {
            if (preg_match('#^HTTP/[\d.]+ (\d{3})#', $line, $match) === 1) {
                [$status, $headers] = [(int) $match[1], []];
            } elseif (str_contains($line, ':')) {
                [$name, $value] = explode(':', $line, 2);
                $headers[strtolower(trim($name))] = trim($value);
            }
        }

        return new self($status, $headers, $body);
    }

    public function header(string $name): ?string
    {
        return $this->headers[strtolower($name)] ?? null;
    }

    /** What support asks for (req_…). */
    public function requestId(): ?string
    {
        return $this->header('Request-Id');
    }

    /** That the version spoken is not the current one, until when it works, and what follows it (NoKYC-Deprecation). */
    public function deprecation(): ?string
    {
        return $this->header('NoKYC-Deprecation');
    }

    /** @return array<string, mixed> */
    public function json(): array
    {
        return Json::plain($this->content ?? Json::decode($this->body));
    }

    /**
     * @internal
     * @param array<array-key, mixed> $content
     */
    public function read(int $attempts, array $content): self
    {
        return new self($this->status, $this->headers, $this->body, $attempts, $content);
    }

    /**
     * Keeps content out of var_dump() and the like.
     *
     * @return array<string, mixed>
     */
    public function __debugInfo(): array
    {
        return ['status' => $this->status, 'requestId' => $this->requestId(), 'attempts' => $this->attempts];
    }
}
