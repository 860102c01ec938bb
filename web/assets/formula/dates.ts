// Days and moments of the years 1 to 9999, as Python's `date` and `datetime` know them.
import { FormulaFailed } from "./values.ts";

export const DAY = 86_400_000_000n;
const MILLISECONDS_OF_A_DAY = 86_400_000;
const DATE = /^\d{4}-\d\d-\d\d$/;
const CLOCK = "(?:[01]\\d|2[0-3]):[0-5]\\d";
const MOMENT = new RegExp(`^(\\d{4}-\\d\\d-\\d\\d)T(${CLOCK})(?::([0-5]\\d)(?:\\.(\\d{1,6}))?)?(Z|[+-]${CLOCK})$`);
const [FIRST_DAY, LAST_DAY] = [daysOf("0001-01-01"), daysOf("9999-12-31")];
const [FIRST_MOMENT, LAST_MOMENT] = [BigInt(FIRST_DAY) * DAY, BigInt(LAST_DAY + 1) * DAY - 1n];
const LONGEST = 1_000_000_000n * DAY;

/** Whether there is such a day. */
export function isDate(text: string): boolean {
  const days = DATE.test(text) ? daysOf(text) : Number.NaN;
  return days >= FIRST_DAY && dateOf(days) === text;
}

/** Days since 1970-01-01. */
export function daysOf(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / MILLISECONDS_OF_A_DAY;
}

/** The date so many days after 1970-01-01; fails outside the years 1 to 9999. */
export function dateOf(days: number): string {
  if (!(days >= FIRST_DAY && days <= LAST_DAY)) throw new FormulaFailed("formula.bad_date");
  return new Date(days * MILLISECONDS_OF_A_DAY).toISOString().slice(0, 10);
}

/** Microseconds since 1970-01-01 of an ISO moment with its zone, or null when it is none. */
export function momentOf(text: string): bigint | null {
  const [, date, clock, seconds = "0", fraction = "", zone] = MOMENT.exec(text) ?? [];
  if (!date || !clock || !zone || !isDate(date)) return null;
  const offset = zone === "Z" ? 0n : minutes(zone.slice(1)) * (zone.startsWith("-") ? -1n : 1n);
  const whole = BigInt(daysOf(date)) * 86_400n + (minutes(clock) - offset) * 60n + BigInt(seconds);
  const moment = whole * 1_000_000n + BigInt(fraction.padEnd(6, "0"));
  return isMoment(moment) ? moment : null;
}

function minutes(clock: string): bigint {
  return BigInt(clock.slice(0, 2)) * 60n + BigInt(clock.slice(3));
}

function isMoment(moment: bigint): boolean {
  return moment >= FIRST_MOMENT && moment <= LAST_MOMENT;
}

/** The moment when it lies in the years 1 to 9999; fails otherwise. */
export function moment(microseconds: bigint): bigint {
  if (!isMoment(microseconds)) throw new FormulaFailed("formula.bad_date");
  return microseconds;
}

/** The length of time when Python could hold it too; fails otherwise. */
export function duration(microseconds: bigint): bigint {
  if (microseconds < DAY - LONGEST || microseconds >= LONGEST) throw new FormulaFailed("formula.overflow");
  return microseconds;
}

/** `2026-01-31T08:00:00Z`, with as many decimals of the second as there are. */
export function textOfMoment(moment: bigint): string {
  const microseconds = ((moment % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = new Date(Number((moment - microseconds) / 1000n)).toISOString().slice(0, 19);
  const fraction = microseconds.toString().padStart(6, "0").replace(/0+$/, "");
  return fraction ? `${seconds}.${fraction}Z` : `${seconds}Z`;
}
