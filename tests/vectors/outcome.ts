// What evaluation gives, as shared cases write it. Run as a program it answers a list of [tree, facts] from standard input.
import { readFileSync } from "node:fs";
import { evaluate, FormulaFailed, kept, type Facts, type Tree, type Value } from "../../web/assets/formula/evaluate.ts";

export type Outcome = { readonly expect: unknown } | { readonly fails: string };

export function outcome(tree: Tree, facts: Facts): Outcome {
  try {
    return { expect: written(evaluate(tree, facts)) };
  } catch (error) {
    if (error instanceof FormulaFailed) return { fails: error.code };
    throw error;
  }
}

function written(value: Value): unknown {
  if (Array.isArray(value)) return value.map(written);
  return value === null ? null : kept(value as Exclude<Value, readonly unknown[]>);
}

if (import.meta.main) {
  const asked = JSON.parse(readFileSync(0, "utf8")) as [Tree, Facts][];
  process.stdout.write(JSON.stringify(asked.map(([tree, facts]) => outcome(tree, facts))));
}
