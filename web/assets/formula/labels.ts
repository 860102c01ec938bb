// The labels of choices; the twin of `engine/formula/operations/text.py`.
import type { Decimal } from "decimal.js";
import type { Labels, Operation } from "./strict.ts";
import { isList, plain, type Scalar } from "./values.ts";

/** Of a value, or of each of a list; one that cannot be chosen any more is shown as it is. */
export const label: Operation = ([operand], _facts, labels = {}) => {
  const value = operand?.() ?? null;
  return isList(value) ? value.map((each) => labelOf(each, labels)) : labelOf(value, labels);
};

function labelOf(value: Scalar, labels: Labels): string | null {
  if (value === null) return null;
  const text = typeof value === "string" ? value : plain(value as Decimal);
  return (Object.hasOwn(labels, text) ? labels[text] : text) || null;
}
