// Moments by the clocks of the workspace, times of day and lengths of time; the twin of `engine/formula/calendar/clock.py`.
import { Decimal } from "decimal.js";
import { DAY, dateOf, daysOf, duration, moment } from "../dates.ts";
import type { Facts } from "../read.ts";
import { strict, strictAbout, type Named } from "../strict.ts";
import { exact, FormulaFailed } from "../values.ts";
import { localOf, momentOfLocal } from "./zone.ts";

const HOUR = 3_600_000_000n;
const MINUTE = 60_000_000n;
/** The end of a day is written 24:00 where a shift ends with it. */
const CLOCK = /^(?:([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?|24:00(?::00)?)$/;
/** ISO 8601 without years and months, which are not always as long. */
const DURATION = ((part) =>
  new RegExp(`^(-?)P(?=.)${part}W)?${part}D)?(?:T(?=.)${part}H)?${part}M)?${part}S)?)?$`))(
  "(?:([0-9]{1,9}(?:\\.[0-9]{1,6})?)",
);
const UNITS = [7n * DAY, DAY, HOUR, MINUTE, 1_000_000n];

function local(facts: Facts, at: bigint): bigint {
  return moment(localOf(at, facts.zone ?? "UTC"));
}

/** Of a count that may be negative, what is left of the last whole one. */
function rest(count: bigint, unit: bigint): bigint {
  return ((count % unit) + unit) % unit;
}

function dayOf(facts: Facts, at: bigint): string {
  const shown = local(facts, at);
  return dateOf(Number((shown - rest(shown, DAY)) / DAY));
}

function momentAt(facts: Facts, day: string, clock: string): bigint | null {
  const since = sinceMidnight(clock);
  if (since === null) return null;
  return moment(momentOfLocal(moment(BigInt(daysOf(day)) * DAY + since), facts.zone ?? "UTC"));
}

/** Empty text is blank, and blank is no time. */
function sinceMidnight(clock: string): bigint | null {
  if (!clock) return null;
  const found = CLOCK.exec(clock);
  if (!found) throw new FormulaFailed("formula.bad_time", { given: clock });
  const [, hours, minutes = "0", seconds = "0"] = found;
  return hours === undefined ? DAY : BigInt(hours) * HOUR + BigInt(minutes) * MINUTE + BigInt(seconds) * 1_000_000n;
}

function ofTime(part: (since: bigint) => bigint): (clock: string) => Decimal | null {
  return (clock) => {
    const since = sinceMidnight(clock);
    return since === null ? null : exact(String(part(since)));
  };
}

/** An end before the start is one of the next day. */
function hoursBetween(start: string, end: string): Decimal | null {
  const [one, other] = [sinceMidnight(start), sinceMidnight(end)];
  if (one === null || other === null) return null;
  return count(one <= other ? other - one : rest(other - one, DAY), HOUR);
}

function count(length: bigint, unit: bigint): Decimal {
  return exact(exact(String(length)).div(String(unit)));
}

/** So many of each unit, to the microsecond. */
function lengthOf(counts: readonly Decimal[], units: readonly bigint[]): bigint {
  const total = counts.reduce((sum, each, place) => exact(sum.plus(exact(each.times(String(units[place]))))), exact(0));
  return duration(BigInt(total.toDecimalPlaces(0, Decimal.ROUND_HALF_UP).toFixed()));
}

function durationOfText(text: string): bigint | null {
  if (!text) return null;
  const found = DURATION.exec(text);
  if (!found) throw new FormulaFailed("formula.bad_duration", { given: text });
  const [, sign, ...counts] = found;
  const length = lengthOf(counts.map((each) => exact(each ?? "0")), UNITS);
  return sign ? duration(-length) : length;
}

export const CLOCKS: readonly Named[] = [
  ["date_of", strictAbout(dayOf)],
  ["hour", strictAbout((facts, at: bigint) => exact(String(rest(local(facts, at), DAY) / HOUR)))],
  ["minute", strictAbout((facts, at: bigint) => exact(String(rest(local(facts, at), HOUR) / MINUTE)))],
  ["moment", strictAbout(momentAt)],
  ["hour_of_time", strict(ofTime((since) => since / HOUR))],
  ["minute_of_time", strict(ofTime((since) => (since % HOUR) / MINUTE))],
  ["since_midnight", strict(sinceMidnight)],
  ["hours_between", strict(hoursBetween)],
  ["duration", strict((hours: Decimal, minutes: Decimal = exact(0)) => lengthOf([hours, minutes], [HOUR, MINUTE]))],
  ["duration_of_text", strict(durationOfText)],
  ["hours", strict((length: bigint) => count(length, HOUR))],
  ["minutes", strict((length: bigint) => count(length, MINUTE))],
];
