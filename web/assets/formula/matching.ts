// SUMIF and its kin, FILTER and LOOKUP; the twin of `engine/formula/operations/matching.py`.
import { Decimal } from "decimal.js";
import type { Named, Operation } from "./strict.ts";
import { compare, FormulaFailed, isBlank, isList, same, type Scalar, type Value } from "./values.ts";

type Fits = (item: Scalar) => boolean;

const CRITERION = /^(<=|>=|<>|<|>|=)?[ ]*([+-]?[0-9]{1,34}(?:\.[0-9]{1,34})?)$/;
const COMPARISONS: Readonly<Record<string, (item: Decimal, number: Decimal) => boolean>> = {
  "<": (item, number) => item.lt(number),
  "<=": (item, number) => item.lte(number),
  ">": (item, number) => item.gt(number),
  ">=": (item, number) => item.gte(number),
  "=": (item, number) => item.eq(number),
};

/** A fold over the items of the last list whose neighbours in the first one fit. */
export function matching(fold: (values: Scalar[]) => Value, fitting: (wanted: Value) => Fits): Operation {
  return ([column, criterion, folded]) => {
    const items = column?.() ?? [];
    const values = folded ? folded() : items;
    const fits = fitting(criterion?.() ?? null);
    if (!isList(items) || !isList(values)) return null;
    if (items.length !== values.length) throw new FormulaFailed("formula.other_lines");
    return fold(values.filter((_, place) => fits(items[place] ?? null)));
  };
}

/** Of each item whether it fits. */
function fits(fitting: (wanted: Value) => Fits): Operation {
  return ([column, criterion]) => {
    const items = column?.() ?? [];
    const wanted = criterion?.() ?? null;
    return isList(items) ? items.map(fitting(wanted)) : null;
  };
}

/** The items whose lines fit every criterion. */
const filter: Operation = ([column, ...criteria]) => {
  const items = column?.() ?? [];
  const answers = criteria.map((each) => each());
  if (!isList(items) || !answers.every(isList)) return null;
  if (answers.some((each) => each.length !== items.length)) throw new FormulaFailed("formula.other_lines");
  return items.filter((_, place) => answers.every((each) => each[place]));
};

/** The result beside the key that is found; blank when none is, or when nothing is sought. */
function lookingUp(find: (sought: Scalar, keys: readonly Scalar[]) => number): Operation {
  return ([value, keys, results]) => {
    const [sought, known, told] = [value?.() ?? null, keys?.() ?? [], results?.() ?? []];
    if (!isList(known) || !isList(told) || isList(sought)) return null;
    if (known.length !== told.length) throw new FormulaFailed("formula.other_lines");
    return isBlank(sought) ? null : (told[find(sought, known)] ?? null);
  };
}

function firstEqual(sought: Scalar, keys: readonly Scalar[]): number {
  return keys.findIndex((key) => same(key, sought));
}

/** The greatest key that is not above; of equal ones the first. */
function greatestBelow(sought: Scalar, keys: readonly Scalar[]): number {
  return keys.reduce<number>((best, key, place) => {
    if (key === null || compare(key, sought) > 0) return best;
    return best < 0 || compare(key, keys[best] ?? null) > 0 ? place : best;
  }, -1);
}

export function equals(wanted: Value): Fits {
  return (item) => same(item, wanted);
}

/** A blank item fits no comparison but "<>"; a blank criterion fits blank items. */
export function compares(text: Value): Fits {
  if (isBlank(text)) return (item) => item === null;
  const found = CRITERION.exec(String(text));
  if (!found) throw new FormulaFailed("formula.bad_criterion", { given: String(text) });
  const [, sign = "=", digits = "0"] = found;
  const number = new Decimal(digits);
  if (sign === "<>") return (item) => !(item instanceof Decimal && item.eq(number));
  return (item) => item instanceof Decimal && (COMPARISONS[sign]?.(item, number) ?? false);
}

export const PICKING: readonly Named[] = [
  ["fits", fits(equals)],
  ["fits_compared", fits(compares)],
  ["filter", filter],
  ["lookup", lookingUp(firstEqual)],
  ["band", lookingUp(greatestBelow)],
];
