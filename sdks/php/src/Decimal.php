<?php

declare(strict_types=1);

namespace NoKYCNumber;

use JsonSerializable;
use NoKYCNumber\Exception\InvalidArgumentException;
use Stringable;

/**
 * An exact number, kept as the digits that the API sent. Amounts are US dollars.
 */
final class Decimal implements JsonSerializable, Stringable
{
    public function __construct(public readonly string $value)
    {
        if (preg_match('/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/D', $value) !== 1) {
            throw new InvalidArgumentException('Not a decimal number.');
        }
    }

    /** The nearest float. For exact sums, give (string) $decimal to bcmath. */
    public function toFloat(): float
    {
        return (float) $this->value;
    }

    public function __toString(): string
    {
        return $this->value;
    }

    public function jsonSerialize(): float
    {
        return $this->toFloat();
    }
}
