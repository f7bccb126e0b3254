/** Exact decimal numbers: money to the digit. */

const PATTERN = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;

/**
 * A number that keeps its digits. It compares as a number (`sms.cost_usd > 0.01`), prints as its digits, and adds
 * and multiplies exactly.
 */
export class Decimal {
  readonly #text: string;

  /** Throws a TypeError for anything but a finite number in decimal notation. */
  constructor(value: string | number | bigint | Decimal) {
    const match = PATTERN.exec(String(value));
    if (match === null) throw new TypeError(`${String(value)} is not a decimal number`);
    const [, sign, whole, fraction = "", exponent = "0"] = match;
    this.#text = shown(sign ?? "", whole ?? "", fraction, Number(exponent));
  }

  plus(other: string | number | Decimal): Decimal {
    return combined(this, new Decimal(other), (a, b) => a + b);
  }

  minus(other: string | number | Decimal): Decimal {
    return combined(this, new Decimal(other), (a, b) => a - b);
  }

  times(factor: string | number | Decimal): Decimal {
    const other = new Decimal(factor);
    const places = scaleOf(this) + scaleOf(other);
    return fromUnits(units(this, scaleOf(this)) * units(other, scaleOf(other)), places);
  }

  /** Whether both are the same amount: 0.5 and 0.50 are. */
  equals(other: string | number | Decimal): boolean {
    const places = Math.max(scaleOf(this), scaleOf(new Decimal(other)));
    return units(this, places) === units(new Decimal(other), places);
  }

  toString(): string {
    return this.#text;
  }

  /** The nearest double. */
  toNumber(): number {
    return Number(this.#text);
  }

  valueOf(): number {
    return this.toNumber();
  }

  /** A JSON number; JSON.stringify rounds it to a double. */
  toJSON(): number {
    return this.toNumber();
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return `Decimal(${this.#text})`;
  }
}

function shown(sign: string, whole: string, fraction: string, exponent: number): string {
  if (exponent > 0) {
    fraction = fraction.padEnd(exponent, "0");
    whole += fraction.slice(0, exponent);
    fraction = fraction.slice(exponent);
  } else if (exponent < 0) {
    whole = whole.padStart(1 - exponent, "0");
    fraction = whole.slice(exponent) + fraction;
    whole = whole.slice(0, exponent);
  }
  whole = whole.replace(/^0+(?=\d)/, "");
  return sign + whole + (fraction === "" ? "" : `.${fraction}`);
}

function combined(a: Decimal, b: Decimal, operation: (a: bigint, b: bigint) => bigint): Decimal {
  const places = Math.max(scaleOf(a), scaleOf(b));
  return fromUnits(operation(units(a, places), units(b, places)), places);
}

function scaleOf(value: Decimal): number {
  const point = value.toString().indexOf(".");
  return point < 0 ? 0 : value.toString().length - point - 1;
}

function units(value: Decimal, places: number): bigint {
  return BigInt(value.toString().replace(".", "") + "0".repeat(places - scaleOf(value)));
}

function fromUnits(value: bigint, places: number): Decimal {
  const sign = value < 0n ? "-" : "";
  const digits = (value < 0n ? -value : value).toString().padStart(places + 1, "0");
  return new Decimal(places === 0 ? sign + digits : `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`);
}
