// Evaluates the JSON that `engine/formula/typed.py` writes. Python decides; this shows people its answer while they type.
import { textOfMoment } from "./dates.ts";
import { OPERATIONS } from "./operations.ts";
import { read, type Facts, type Reading } from "./read.ts";
import type { Labels } from "./strict.ts";
import { length } from "./texts.ts";
import { Decimal } from "decimal.js";
import { exact, FormulaFailed, plain, type Part, type Scalar, type Value } from "./values.ts";

export { FormulaFailed, type Facts, type Value };

export type Tree =
  | { readonly op: "number"; readonly value: string }
  | { readonly op: "value"; readonly value: string | boolean }
  | { readonly op: string; readonly of: readonly Tree[]; readonly labels?: Labels; readonly at?: At }
  | (Reading & { readonly at?: At });

type At = readonly [number, number];

/** What one evaluation may read, as on the server: list items, which cost a quarter when they are read again, … */
const MAX_STEPS = 100_000;
const AGAIN = 4;
/** … and characters of text that it searches and changes. */
const MAX_CHARACTERS = 500_000;
const SEARCHING: ReadonlySet<string> = new Set(["upper", "lower", "trim", "substitute", "contains"]);

/** The value of a formula. Throws `FormulaFailed` when it has none. */
export function evaluate(tree: Tree, facts: Facts): Value {
  let [steps, characters] = [MAX_STEPS, MAX_CHARACTERS];
  const lists = new Map<string, Value>();

  function run(node: Tree): Value {
    try {
      return result(node);
    } catch (error) {
      // The innermost part is the first that comes by here.
      if (error instanceof FormulaFailed && "at" in node && node.at) error.part ??= { at: node.at, operands: operands(node) };
      throw error;
    }
  }

  /** What the part was given: single values that say something. */
  function operands(node: Tree): Part["operands"] {
    return ("of" in node ? node.of : []).flatMap((each) => {
      if (!("at" in each) || !each.at) return [];
      try {
        const value = run(each);
        const isTold = value !== null && !Array.isArray(value) && (Decimal.isDecimal(value) || typeof value !== "object");
        return isTold && !("type" in each && each.type === "reference") ? [{ at: each.at, value: value as Scalar }] : [];
      } catch {
        return [];
      }
    });
  }

  function result(node: Tree): Value {
    if ("of" in node) {
      const operation = OPERATIONS.get(node.op);
      if (!operation) throw new FormulaFailed("formula.later", { function: node.op });
      const operands = node.of.map((operand) => () => run(operand));
      const [text, ...others] = operands;
      return operation(text && SEARCHING.has(node.op) ? [() => searched(text()), ...others] : operands, facts, node.labels);
    }
    if ("path" in node) return node.type.endsWith("[]") ? list(node) : read(node, facts);
    return typeof node.value === "string" && node.op === "number" ? exact(node.value) : node.value;
  }

  function list(node: Reading): Value {
    const place = JSON.stringify([node.path, node.line]);
    const known = lists.get(place);
    const found = known ?? read(node, facts);
    if (Array.isArray(found)) steps -= known ? Math.floor(found.length / AGAIN) : found.length;
    if (steps < 0) throw new FormulaFailed("formula.too_many_items", { limit: String(MAX_STEPS) });
    lists.set(place, found);
    return found;
  }

  function searched(text: Value): Value {
    if (typeof text === "string") characters -= length(text);
    if (characters < 0) throw new FormulaFailed("formula.long_text", { limit: String(MAX_CHARACTERS) });
    return text;
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
