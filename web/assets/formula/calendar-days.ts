// Parts of a day, and going by months; the twin of the same in `engine/formula/operations/dates.py`.
import type { Decimal } from "decimal.js";
import { dateOf, daysOf, isDate } from "./dates.ts";
import { strict, type Named } from "./strict.ts";
import { exact, FormulaFailed, whole } from "./values.ts";

type Parts = readonly [year: number, month: number, day: number];

export function partsOf(date: string): Parts {
  return [Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8))];
}

function part(of: (...parts: Parts) => number): Named[1] {
  return strict((date: string) => exact(of(...partsOf(date))));
}

function weekday(date: string): Decimal {
  const sinceMonday = (daysOf(date) + 3) % 7; // 1970-01-01 was a Thursday
  return exact(((sinceMonday + 7) % 7) + 1);
}

/** Empty text is blank, and blank is no day. */
function dateOfText(text: string): string | null {
  if (!text) return null;
  if (!isDate(text)) throw new FormulaFailed("formula.bad_date");
  return text;
}

/** The first day of the month so many months later. */
export function monthsFrom(date: string, months: number): string {
  const [year, month] = partsOf(date);
  const counted = year * 12 + month - 1 + months;
  const later = Math.floor(counted / 12);
  if (!(later >= 1 && later <= 9999)) throw new FormulaFailed("formula.bad_date");
  return `${String(later).padStart(4, "0")}-${String(counted - later * 12 + 1).padStart(2, "0")}-01`;
}

/** The day of the month, or its last when it is shorter. */
export function clipped(month: string, day: number): string {
  const last = [31, 30, 29, 28].find((each) => isDate(`${month.slice(0, 8)}${each}`)) ?? 28;
  return dateOf(daysOf(month) + Math.min(day, last) - 1);
}

function monthsLater(date: string, months: Decimal): string {
  return clipped(monthsFrom(date, whole(months)), partsOf(date)[2]);
}

function endOfMonth(date: string, months: Decimal): string {
  return clipped(monthsFrom(date, whole(months)), 31);
}

/** The most months that `monthsLater` can go from the earlier day without passing the later one. */
function monthsBetween(end: string, start: string): Decimal {
  if (end < start) return monthsBetween(start, end).neg();
  const [[endYear, endMonth], [year, month, day]] = [partsOf(end), partsOf(start)];
  const months = (endYear - year) * 12 + endMonth - month;
  return exact(end < clipped(end.slice(0, 8) + "01", day) ? months - 1 : months);
}

export const CALENDAR_DAYS: readonly Named[] = [
  ["date_of_text", strict(dateOfText)],
  ["year", part((year) => year)],
  ["quarter", part((_year, month) => Math.ceil(month / 3))],
  ["month", part((_year, month) => month)],
  ["day", part((_year, _month, day) => day)],
  ["weekday", strict(weekday)],
  ["months_later", strict(monthsLater)],
  ["end_of_month", strict(endOfMonth)],
  ["months_between", strict(monthsBetween)],
];
