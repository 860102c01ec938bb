// What formulas calculate with in the browser. A date is ISO text, a moment or a length of time counts microseconds.
import { Decimal } from "decimal.js";

export type Group = Readonly<Record<string, unknown>>;
export type Scalar = Decimal | string | boolean | bigint | Group | null;
export type Value = Scalar | readonly Scalar[];

/** Where a part stands in the text of its formula, and the values that it was given, each with its own place. */
export interface Part {
  readonly at: readonly [number, number];
  readonly operands: readonly { readonly at: readonly [number, number]; readonly value: Scalar }[];
}

/** A formula has no value; `code` is that of `engine/sentences.py`. */
export class FormulaFailed extends Error {
  readonly code: string;
  readonly params: Readonly<Record<string, string>>;
  /** The part of the formula that failed, as `evaluate` finds out. */
  part?: Part;

  constructor(code: string, params: Readonly<Record<string, string>> = {}) {
    super(code);
    this.code = code;
    this.params = params;
  }
}

/** The bounds of `engine/formula/numbers.py`. */
const MAX_EXPONENT = 99;
const Exact = Decimal.clone({ defaults: true, precision: 34, rounding: Decimal.ROUND_HALF_UP });

/** The number with 34 digits; fails when it is too large or too small to be exact. */
export function exact(number: Decimal.Value): Decimal {
  const rounded = new Exact(number).toSignificantDigits();
  if (!rounded.isFinite() || (!rounded.isZero() && Math.abs(rounded.e) > MAX_EXPONENT)) {
    throw new FormulaFailed("formula.overflow");
  }
  return rounded;
}

/** The number without exponent, trailing zeros, or a sign of zero. */
export function plain(number: Decimal): string {
  return number.isZero() ? "0" : number.toFixed();
}

/** What counts days, months or characters; fails when there are decimals. */
export function whole(number: Decimal): number {
  if (!number.isInteger()) throw new FormulaFailed("formula.not_whole", { given: plain(number) });
  return number.toNumber();
}

export function isList(value: Value): value is readonly Scalar[] {
  return Array.isArray(value);
}

/** Whether nothing is filled in: no value, empty text, no items. */
export function isBlank(value: Value): boolean {
  if (value === null || value === "") return true;
  if (Decimal.isDecimal(value) || typeof value !== "object") return false;
  return Object.keys(value).length === 0;
}

/** Negative, zero or positive, as `left` stands before, at or behind `right`; text by code point. */
export function compare(left: Value, right: Value): number {
  if (left instanceof Decimal && right instanceof Decimal) return left.cmp(right);
  if (typeof left === "bigint" && typeof right === "bigint") return left < right ? -1 : Number(left > right);
  const [one, other] = [Array.from(String(left)), Array.from(String(right))];
  const at = one.findIndex((character, index) => character !== other[index]);
  if (at === -1) return one.length - other.length;
  return (one[at]?.codePointAt(0) ?? 0) - (other[at]?.codePointAt(0) ?? -1);
}

/** Whether both are the same value; empty text is blank, and blank equals blank only. */
export function same(left: Value, right: Value): boolean {
  if (isBlank(left) || isBlank(right)) return isBlank(left) && isBlank(right);
  return typeof left === "boolean" ? left === right : compare(left, right) === 0;
}
