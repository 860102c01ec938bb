// What stands in an input as the JSON that formulas read, and what a formula gives as people read it.
import { Decimal } from "decimal.js";

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)$/;
const NUMBERS = new Set(["money", "quantity", "decimal", "integer", "percent"]);

/** Digits as people type them: full-width, grouped, with a currency or percent sign. Text that is no number stays. */
export function digits(text: string, type: string): string {
  const plain = text.normalize("NFKC").replace(/[,\s ¥]|元$/g, "");
  const number = plain.replace(/%$/, "");
  if (!NUMBER.test(number)) return text;
  const isPercentage = type === "percent" && (plain !== number || new Decimal(number).abs().gte(1));
  return (isPercentage ? new Decimal(number).div(100) : new Decimal(number)).toFixed();
}

/** The value in an input, as JSON; "" when blank. */
export function valueOf(text: string, type: string): string | boolean {
  if (type === "boolean") return text === "true";
  if (NUMBERS.has(type)) return text.trim() ? digits(text, type) : "";
  if (type === "datetime" && text) {
    const moment = new Date(text.replace(" ", "T"));
    return Number.isNaN(moment.getTime()) ? text : moment.toISOString();
  }
  return text;
}

/** A computed value for reading, as the server shows it. */
export function shown(value: string | boolean, type: string): string {
  if (typeof value === "boolean") return value ? "✓" : "";
  if (!value || !NUMBERS.has(type)) return value;
  const number = new Decimal(value);
  if (type === "percent") return `${grouped(number.times(100).toFixed())}%`;
  return grouped(type === "money" ? number.toFixed(2) : number.toFixed());
}

/** Of a computed number; the modes are those of Python's decimal module. */
export interface Rounding {
  scale: number;
  mode: keyof typeof MODES;
}

const MODES = {
  ROUND_HALF_UP: Decimal.ROUND_HALF_UP,
  ROUND_HALF_EVEN: Decimal.ROUND_HALF_EVEN,
  ROUND_UP: Decimal.ROUND_UP,
  ROUND_DOWN: Decimal.ROUND_DOWN,
} as const;

/** To the decimals that the field keeps, as the server does before other formulas read it. */
export function rounded(value: string | boolean, to: Rounding | null): string | boolean {
  if (typeof value !== "string" || !value || !to) return value;
  return new Decimal(value).toDecimalPlaces(to.scale, MODES[to.mode]).toFixed();
}

function grouped(digits: string): string {
  const [whole, fraction] = digits.split(".");
  const text = whole!.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? text : `${text}.${fraction}`;
}
