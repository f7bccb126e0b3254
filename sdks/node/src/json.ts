/** JSON with exact decimals where the contract says money; plain numbers everywhere else. */

import { randomBytes } from "node:crypto";
import { Decimal } from "./decimal.js";

/**
 * What the fields of a model are, where they are or hold money: "decimal", the name of a model, or "*" for an object
 * whose field `object` says what it is.
 */
export type Shape = Readonly<Record<string, string>>;
export type Shapes = Readonly<Record<string, Shape>>;

/** Stands before digits that must survive JSON.parse and JSON.stringify. Nobody can guess it. */
const MARK = `\0${randomBytes(9).toString("base64url")}:`;
const MARK_IN_JSON = JSON.stringify(MARK).slice(1, -1);
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const SAFE = /^-?\d{1,15}$/;
const MARKED = new RegExp(`"${MARK_IN_JSON.replace(/\\/g, "\\\\")}([^"]+)"`, "g");

/** The value of a JSON text whose outermost object is of this shape. Throws a SyntaxError. */
export function decode(text: string, shape: Shape | undefined, shapes: Shapes): unknown {
  if (shape === undefined) return JSON.parse(text);
  JSON.parse(text); // marks could make JSON of what is none
  const marked = text.replace(TOKENS, (token) => (token[0] === '"' || SAFE.test(token) ? token : `"${MARK_IN_JSON}${token}"`));
  return settled(JSON.parse(marked), shape, shapes);
}

/** The JSON of a request: decimals keep their digits, dates are ISO 8601, what is undefined is left out. */
export function encode(value: unknown): string {
  let marked = false;
  const text = JSON.stringify(value, function (this: Record<string, unknown>, name, item: unknown) {
    const original = this[name];
    if (!(original instanceof Decimal)) return item;
    marked = true;
    return MARK + original.toString();
  });
  return marked ? text.replace(MARKED, "$1") : text;
}

function settled(value: unknown, shape: Shape | undefined, shapes: Shapes): unknown {
  if (typeof value === "string") return value.startsWith(MARK) ? Number(value.slice(MARK.length)) : value;
  if (Array.isArray(value)) return value.map((item) => settled(item, shape, shapes));
  if (value === null || typeof value !== "object") return value;
  const object = value as Record<string, unknown>;
  for (const name of Object.keys(object)) {
    const kind = shape === undefined || !Object.hasOwn(shape, name) ? undefined : shape[name];
    const item = object[name];
    object[name] = kind === "decimal" ? money(item) : settled(item, shapeOf(kind, item, shapes), shapes);
  }
  return object;
}

function shapeOf(kind: string | undefined, value: unknown, shapes: Shapes): Shape | undefined {
  if (kind === undefined) return undefined;
  return shapes[kind === "*" ? `*${String((value as { object?: unknown } | null)?.object)}` : kind];
}

function money(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(money);
  if (typeof value === "number") return new Decimal(value);
  if (typeof value === "string" && value.startsWith(MARK)) return new Decimal(value.slice(MARK.length));
  return value;
}
