// Taking text apart; the twin of `engine/formula/operations/text.py`. A character is a Unicode code point.
import type { Decimal } from "decimal.js";
import { strict, type Named } from "./strict.ts";
import { exact, FormulaFailed, plain, whole } from "./values.ts";

const MAX_TEXT = 32_767;
/** Where upper and lower case are settled for good, so that browsers and Pythons of any age agree. */
const CASED = /[\0-\u058f\u1e00-\u1fff\u2100-\u24ff\uff00-\uffef]/g;
const ONE_CASED = new RegExp(`^${CASED.source}$`);

/** The text when it is not longer than a text may be; fails otherwise. */
export function fitting(text: string): string {
  if (text.length > MAX_TEXT) bounded(length(text));
  return text;
}

function bounded(characters: number): void {
  if (characters > MAX_TEXT) throw new FormulaFailed("formula.long_text", { limit: String(MAX_TEXT) });
}

/** Code points. */
export function length(text: string): number {
  return Array.from(text).length;
}

function count(number: Decimal, least = 0): number {
  const counted = whole(number);
  if (counted < least) throw new FormulaFailed("formula.bad_count", { given: plain(number) });
  return counted;
}

function slice(text: string, first: number, behind: number): string {
  return fitting(Array.from(text).slice(first, behind).join(""));
}

function left(text: string, characters = exact(1)): string {
  return slice(text, 0, count(characters));
}

function right(text: string, characters = exact(1)): string {
  const behind = length(text);
  return slice(text, Math.max(behind - count(characters), 0), behind);
}

function mid(text: string, start: Decimal, characters: Decimal): string {
  const first = count(start, 1) - 1;
  return slice(text, first, first + count(characters));
}

/** Each letter by itself, when its other case is one character too. */
function recased(text: string, change: (character: string) => string): string {
  return fitting(
    text.replace(CASED, (character) => {
      const other = change(character);
      return ONE_CASED.test(other) ? other : character;
    }),
  );
}

/** A run of blanks becomes its first one. */
function trim(text: string): string {
  return fitting(text.replace(/([ \u3000])[ \u3000]+/g, "$1").replace(/^[ \u3000]|[ \u3000]$/g, ""));
}

function substitute(text: string, old: string, replacement: string): string {
  if (!old) return fitting(text);
  const parts = text.split(old);
  bounded(length(text) + (parts.length - 1) * (length(replacement) - length(old))); // before it fills the memory
  return parts.join(replacement);
}

export const TEXTS: readonly Named[] = [
  ["length", strict((text: string) => exact(length(text)))],
  ["left", strict(left)],
  ["right", strict(right)],
  ["mid", strict(mid)],
  ["upper", strict((text: string) => recased(text, (character) => character.toUpperCase()))],
  ["lower", strict((text: string) => recased(text, (character) => character.toLowerCase()))],
  ["trim", strict(trim)],
  ["substitute", strict(substitute)],
  ["contains", strict((text: string, part: string) => text.includes(part))],
  ["starts_with", strict((text: string, part: string) => text.startsWith(part))],
];
