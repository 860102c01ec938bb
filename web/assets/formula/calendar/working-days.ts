// Working days and quarters, days in capital numerals; the twin of `engine/formula/calendar`.
import type { Decimal } from "decimal.js";
import { clipped, monthsFrom, partsOf } from "../calendar-days.ts";
import { dateOf, daysOf } from "../dates.ts";
import { strict, type Named } from "../strict.ts";
import { exact, FormulaFailed, whole } from "../values.ts";
import { EXCEPTIONS } from "./china.ts";

/** Monday, 1 January of the year 1, has the ordinal 1. */
const FIRST = daysOf("0001-01-01") - 1;
const LAST = daysOf("9999-12-31") - FIRST;
const DIGITS = "零壹贰叁肆伍陆柒捌玖";

const changes = new Map<number, number>();
for (const [year, [off, on]] of Object.entries(EXCEPTIONS)) {
  for (const [days, change] of [[off, -1], [on, 1]] as const) {
    for (const day of days.split(" ").filter(Boolean)) changes.set(ordinal(`${year}-${day.slice(0, 2)}-${day.slice(2)}`), change);
  }
}
const ORDINALS = [...changes.keys()].sort((left, right) => left - right);

function ordinal(date: string): number {
  return daysOf(date) - FIRST;
}

/** The first of the numbers from `low` to `high` that holds; `high` when no one before it does. */
function firstOf(low: number, high: number, holds: (number: number) => boolean): number {
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Of the exceptions before each, and at the end all, how they change the number of working days. */
const CHANGES = ORDINALS.reduce((sums, each) => [...sums, (sums.at(-1) ?? 0) + (changes.get(each) ?? 0)], [0]);

/** How many working days there are from the year 1 to that day. */
function until(ordinal: number): number {
  const exceptions = firstOf(0, ORDINALS.length, (place) => (ORDINALS[place] ?? 0) > ordinal);
  return 5 * Math.floor(ordinal / 7) + Math.min(ordinal % 7, 5) + (CHANGES[exceptions] ?? 0);
}

/** So many working days later; a weekend or holiday stays where it is when there are none to go. */
function workingDay(day: string, number: Decimal): string {
  const [start, count] = [ordinal(day), whole(number)];
  if (count === 0) return day;
  const wanted = count > 0 ? until(start) + count : until(start - 1) + count + 1;
  if (!(wanted >= 1 && wanted <= until(LAST))) throw new FormulaFailed("formula.bad_date");
  return dateOf(firstOf(1, LAST, (each) => until(each) >= wanted) + FIRST);
}

/** Both ends count; backwards with a minus sign. */
function workingDays(first: string, last: string): Decimal {
  if (last < first) return workingDays(last, first).neg();
  return exact(until(ordinal(last)) - until(ordinal(first) - 1));
}

/** The first day of the quarter so many quarters later. */
function quarterStart(day: string, quarters = exact(0)): string {
  return monthsFrom(day, 3 * whole(quarters) - ((partsOf(day)[1] - 1) % 3));
}

function quarterEnd(day: string, quarters = exact(0)): string {
  const start = quarterStart(day, quarters);
  return clipped(monthsFrom(start, 2), 31);
}

/** 零 before what could be made larger by writing a digit in front of it. */
function dateUpper(date: string): string {
  const [, month, day] = partsOf(date);
  const year = Array.from(date.slice(0, 4), (digit) => DIGITS[Number(digit)]).join("");
  return `${year}年${upperPart(month, 2)}月${upperPart(day, 9)}日`;
}

function upperPart(number: number, most: number): string {
  const [tens, ones] = [Math.floor(number / 10), number % 10];
  const text = (tens ? `${DIGITS[tens]}拾` : "") + (ones ? DIGITS[ones] : "");
  return ones === 0 || number <= most ? `零${text}` : text;
}

export const WORKING_DAYS: readonly Named[] = [
  ["working_day", strict(workingDay)],
  ["working_days", strict(workingDays)],
  ["is_working_day", strict((day: string) => !workingDays(day, day).isZero())],
  ["quarter_start", strict(quarterStart)],
  ["quarter_end", strict(quarterEnd)],
  ["date_upper", strict(dateUpper)],
];
