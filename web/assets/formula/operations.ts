// What operators and functions do; the twin of `engine/formula/operations`, held together by tests/vectors/formula.
import { Decimal } from "decimal.js";
import { CALENDAR_DAYS } from "./calendar-days.ts";
import { CLOCKS } from "./calendar/clock.ts";
import { WORKING_DAYS } from "./calendar/working-days.ts";
import { DAY, dateOf, daysOf, duration, isDate, moment, momentOf, textOfMoment } from "./dates.ts";
import { label } from "./labels.ts";
import { compares, equals, matching, PICKING } from "./matching.ts";
import { taxes, upper } from "./money.ts";
import type { Facts } from "./read.ts";
import { sharing } from "./shares.ts";
import { strict, type Operand, type Operation } from "./strict.ts";
import { fitting, TEXTS } from "./texts.ts";
import { compare, exact, FormulaFailed, isBlank, isList, plain, same, whole, type Scalar, type Value } from "./values.ts";

const MAX_PLACES = 30;

function numbers(operate: (...operands: Decimal[]) => Decimal): Operation {
  return strict((...operands: Decimal[]) => exact(operate(...operands)));
}

function comparison(holds: (order: number) => boolean): Operation {
  return strict((left: Value, right: Value) => holds(compare(left, right)));
}

/** A fold over the values there are: of columns, single arguments, or both. */
function fold(operate: (values: Scalar[]) => Value): Operation {
  return (operands) => {
    const values = operands.flatMap<Scalar>((operand) => {
      const value = operand();
      return isList(value) ? value : [value];
    });
    return operate(values.filter((value) => value !== null));
  };
}

function divide(number: Decimal, divisor: Decimal): Decimal {
  if (divisor.isZero()) throw new FormulaFailed("formula.division_by_zero");
  return number.div(divisor);
}

type Mode = Decimal.Rounding;

/** `mode` is one of decimal.js. */
function rounded(number: Decimal, places: Decimal, mode: Mode): Decimal {
  if (!places.isInteger() || places.abs().gt(MAX_PLACES)) {
    throw new FormulaFailed("formula.bad_places", { given: plain(places) });
  }
  if (!places.isNegative()) return number.toDecimalPlaces(places.toNumber(), mode);
  const unit = exact(10).pow(places.neg());
  return number.div(unit).toDecimalPlaces(0, mode).times(unit);
}

function rounding(mode: Mode): Operation {
  return numbers((number, places = exact(0)) => rounded(number, places, mode));
}

function toStep(number: Decimal, step: Decimal): Decimal {
  if (!step.isPositive() || step.isZero()) throw new FormulaFailed("formula.bad_step", { given: plain(step) });
  return exact(number.div(step)).toDecimalPlaces(0).times(step);
}

const { net, tax } = taxes(divide, (number, places) => rounded(number, places, Decimal.ROUND_HALF_UP));

/** The first that is filled in; those behind it are not evaluated. */
function first(operands: readonly Operand[]): Value {
  for (const operand of operands) {
    const value = operand();
    if (!isBlank(value)) return value;
  }
  return null;
}

function sum(values: readonly Scalar[]): Decimal {
  return (values as Decimal[]).reduce((total, number) => exact(total.plus(number)), exact(0));
}

function average(values: readonly Scalar[]): Decimal | null {
  return values.length === 0 ? null : exact(sum(values).div(values.length));
}

function filled(values: readonly Scalar[]): Scalar[] {
  return values.filter((value) => value !== null);
}

function extreme(sign: number): Operation {
  return fold((values) =>
    values.length === 0 ? null : values.reduce((best, value) => (sign * compare(value, best) > 0 ? value : best)),
  );
}

function date(...parts: Decimal[]): string {
  const [year = "", month = "", day = ""] = parts.map((part) => String(whole(part)));
  const text = `${year.padStart(4, "0")}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  if (!isDate(text)) throw new FormulaFailed("formula.bad_date");
  return text;
}

function textOf(value: Value): string {
  if (value === null) return "";
  if (typeof value === "bigint") return textOfMoment(value);
  if (value instanceof Decimal) return plain(value);
  return typeof value === "boolean" ? String(value).toUpperCase() : String(value);
}

function join(operands: readonly Operand[]): string {
  return fitting(operands.map((operand) => textOf(operand())).join(""));
}

/** Kleene's AND and OR: `decisive` settles it, and what stands behind is not evaluated. */
function decide(operands: readonly Operand[], decisive: boolean): boolean | null {
  let answer: boolean | null = !decisive;
  for (const operand of operands) {
    const value = operand();
    if (value === decisive) return decisive;
    if (value === null) answer = null;
  }
  return answer;
}

/** The single value and the list of a membership question; either may stand first. */
function memberAndList(operands: readonly Operand[]): [Value, readonly Scalar[]] {
  const [left = null, right = null] = operands.map((operand) => operand());
  if (isList(left)) return [right, left];
  return [left, isList(right) ? right : []];
}

function among(operands: readonly Operand[]): boolean {
  const [member, members] = memberAndList(operands);
  return members.some((item) => same(item, member));
}

/** The id "" stands for every id. */
function amongIds(operands: readonly Operand[]): boolean {
  const [member, members] = memberAndList(operands);
  return members.some((item) => item === "" || same(item, member));
}

function choose([condition, then, otherwise]: readonly Operand[]): Value {
  const answer = condition?.() ?? null;
  if (answer === null) return null;
  return (answer ? then?.() : otherwise?.()) ?? null;
}

function now(facts: Facts): bigint | null {
  return facts.now === undefined ? null : momentOf(facts.now);
}

export const OPERATIONS: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ["negate", numbers((number) => number.neg())],
  ["percent", numbers((number) => number.times("0.01"))],
  ["add", numbers((left, right) => left.plus(right))],
  ["subtract", numbers((left, right) => left.minus(right))],
  ["multiply", numbers((left, right) => left.times(right))],
  ["divide", numbers(divide)],
  ["abs", numbers((number) => number.abs())],
  ["round", rounding(Decimal.ROUND_HALF_UP)],
  ["round_even", rounding(Decimal.ROUND_HALF_EVEN)],
  ["round_up", rounding(Decimal.ROUND_UP)],
  ["round_down", rounding(Decimal.ROUND_DOWN)],
  ["to_step", numbers(toStep)],
  ["tax_net", numbers(net)],
  ["tax_amount", numbers(tax)],
  ["rmb_upper", strict(upper)],

  ["less", comparison((order) => order < 0)],
  ["at_most", comparison((order) => order <= 0)],
  ["more", comparison((order) => order > 0)],
  ["at_least", comparison((order) => order >= 0)],
  ["equal", ([left, right]) => same(left?.() ?? null, right?.() ?? null)],
  ["among", among],
  ["among_ids", amongIds],

  ["and", (operands) => decide(operands, false)],
  ["or", (operands) => decide(operands, true)],
  ["not", strict((condition: boolean) => !condition)],
  ["if", choose],
  ["first", first],
  ["blank", ([operand]) => isBlank(operand?.() ?? null)],
  ["join", join],
  ...TEXTS,
  ["label", label],

  ["date", strict(date)],
  ...CALENDAR_DAYS,
  ...WORKING_DAYS,
  ...CLOCKS,
  ["add_days", strict((day: string, number: Decimal) => dateOf(daysOf(day) + whole(number)))],
  ["subtract_days", strict((day: string, number: Decimal) => dateOf(daysOf(day) - whole(number)))],
  ["days_between", strict((end: string, start: string) => exact(daysOf(end) - daysOf(start)))],
  ["days_elapsed", strict((end: bigint, start: bigint) => exact(exact(String(end - start)).div(String(DAY))))],
  ["elapsed", strict((end: bigint, start: bigint) => end - start)],
  ["add_time", strict((start: bigint, time: bigint) => moment(start + time))],
  ["subtract_time", strict((end: bigint, time: bigint) => moment(end - time))],
  ["add_durations", strict((left: bigint, right: bigint) => duration(left + right))],
  ["subtract_durations", strict((left: bigint, right: bigint) => duration(left - right))],

  ["sum", fold(sum)],
  ["count", fold((values) => exact(values.filter((value) => !isBlank(value)).length))],
  ["min", extreme(-1)],
  ["max", extreme(1)],
  ["average", fold(average)],

  ...(
    [
      ["sum_if", (values) => sum(filled(values))],
      ["average_if", (values) => average(filled(values))],
      ["count_if", (values) => exact(values.length)],
    ] satisfies [string, (values: Scalar[]) => Value][]
  ).flatMap(([name, operate]): [string, Operation][] => [
    [name, matching(operate, equals)],
    [`${name}_compared`, matching(operate, compares)],
  ]),

  ...PICKING,
  ...sharing((number, places) => rounded(number, places, Decimal.ROUND_HALF_UP)),

  ["me", (_, facts) => facts.actor ?? ""],
  ["now", (_, facts) => now(facts)],
  ["today", (_, facts) => facts.today ?? null],
  ["state", (_, facts) => facts.state ?? ""],
  ["project", (_, facts) => facts.projects ?? []],
]);
