// Evaluates the JSON that `engine/formula/typed.py` writes. Python decides; this shows people its answer while they type.
import { textOfMoment } from "./dates.ts";
import { OPERATIONS } from "./operations.ts";
import { read, type Facts, type Reading } from "./read.ts";
import { Decimal } from "decimal.js";
import { exact, FormulaFailed, plain, type Scalar, type Value } from "./values.ts";

export { FormulaFailed, type Facts, type Value };

export type Tree =
  | { readonly op: "number"; readonly value: string }
  | { readonly op: "value"; readonly value: string | boolean }
  | { readonly op: string; readonly of: readonly Tree[] }
  | Reading;

/** List items that one evaluation may read, as on the server. */
const MAX_STEPS = 1_000_000;

/** The value of a formula. Throws `FormulaFailed` when it has none. */
export function evaluate(tree: Tree, facts: Facts): Value {
  let steps = MAX_STEPS;

  function run(node: Tree): Value {
    if ("of" in node) {
      const operation = OPERATIONS.get(node.op);
      if (!operation) throw new FormulaFailed("formula.later", { function: node.op });
      return operation(node.of.map((operand) => () => run(operand)), facts);
    }
    if ("path" in node) return spend(read(node, facts));
    return typeof node.value === "string" && node.op === "number" ? exact(node.value) : node.value;
  }

  function spend(value: Value): Value {
    if (Array.isArray(value)) steps -= value.length;
    if (steps < 0) throw new FormulaFailed("formula.too_many_items", { limit: String(MAX_STEPS) });
    return value;
  }

  return run(tree);
}

/** The value as a form keeps it: a number as decimal text, a date or moment as ISO text, blank as "". */
export function kept(value: Scalar): string | boolean {
  if (value === null) return "";
  if (value instanceof Decimal) return plain(value);
  if (typeof value === "bigint") return textOfMoment(value);
  return typeof value === "object" ? "" : value;
}
