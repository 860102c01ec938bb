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

/** Monday to Friday but for single days; each exception by its ordinal, 1 when it is worked and -1 when it is not. */
class WorkingDays {
  readonly #exceptions: ReadonlyMap<number, number>;
  readonly #ordinals: readonly number[];
  /** By how much the exceptions before each, and at the end all, change the number of working days. */
  readonly #changes: number[] = [0];

  constructor(exceptions: ReadonlyMap<number, number>) {
    this.#exceptions = exceptions;
    this.#ordinals = [...exceptions.keys()].sort((left, right) => left - right);
    let sum = 0;
    for (const each of this.#ordinals) this.#changes.push((sum += exceptions.get(each) ?? 0));
  }

  without(days: Iterable<number>): WorkingDays {
    const exceptions = new Map(this.#exceptions);
    for (const day of new Set(days)) {
      if (this.between(day, day) === 1) exceptions.set(day, (exceptions.get(day) ?? 0) - 1);
    }
    return new WorkingDays(exceptions);
  }

  between(first: number, last: number): number {
    return this.#until(last) - this.#until(first - 1);
  }

  later(start: number, count: number): number {
    if (count === 0) return start;
    const wanted = count > 0 ? this.#until(start) + count : this.#until(start - 1) + count + 1;
    if (!(wanted >= 1 && wanted <= this.#until(LAST))) throw new FormulaFailed("formula.bad_date");
    return firstOf(1, LAST, (each) => this.#until(each) >= wanted);
  }

  /** How many there are from the year 1 to that day. */
  #until(ordinal: number): number {
    const exceptions = firstOf(0, this.#ordinals.length, (place) => (this.#ordinals[place] ?? 0) > ordinal);
    return 5 * Math.floor(ordinal / 7) + Math.min(ordinal % 7, 5) + (this.#changes[exceptions] ?? 0);
  }
}

function exceptionsOf(year: string, days: string, change: number): [number, number][] {
  const written = days.split(" ").filter(Boolean);
  return written.map((day) => [ordinal(`${year}-${day.slice(0, 2)}-${day.slice(2)}`), change]);
}

const CHINA = new WorkingDays(
  new Map(
    Object.entries(EXCEPTIONS).flatMap(([year, [off, on]]) => [...exceptionsOf(year, off, -1), ...exceptionsOf(year, on, 1)]),
  ),
);

type Off = string | readonly (string | null)[];

/** Those of the calendar but for further days off. */
function daysBut(off: Off): WorkingDays {
  const further = (typeof off === "string" ? [off] : off).filter((each) => each !== null);
  return further.length > 0 ? CHINA.without(further.map(ordinal)) : CHINA;
}

function workingDay(day: string, number: Decimal, off: Off = []): string {
  return dateOf(daysBut(off).later(ordinal(day), whole(number)) + FIRST);
}

/** Both ends count; backwards with a minus sign. */
function workingDays(first: string, last: string, off: Off = []): Decimal {
  if (last < first) return workingDays(last, first, off).neg();
  return exact(daysBut(off).between(ordinal(first), ordinal(last)));
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
  ["is_working_day", strict((day: string) => CHINA.between(ordinal(day), ordinal(day)) === 1)],
  ["quarter_start", strict(quarterStart)],
  ["quarter_end", strict(quarterEnd)],
  ["date_upper", strict(dateUpper)],
];
