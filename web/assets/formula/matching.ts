// SUMIF and its kin; the twin of `engine/formula/operations/matching.py`.
import { Decimal } from "decimal.js";
import type { Operation } from "./strict.ts";
import { FormulaFailed, isBlank, isList, same, type Scalar, type Value } from "./values.ts";

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
