// Every shared formula case, told to the browser's evaluator with the trees that Python made.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { type Facts, type Tree } from "../../web/assets/formula/evaluate.ts";
import { outcome } from "./outcome.ts";

interface Vectors {
  readonly facts: Facts;
  readonly cases: readonly { formula: string; facts?: Partial<Facts>; expect?: unknown; fails?: string }[];
}

const folder = new URL("formula/", import.meta.url);

function load(file: string): unknown {
  return JSON.parse(readFileSync(new URL(file, folder), "utf8"));
}

for (const file of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
  const { facts, cases } = load(file) as Vectors;
  const trees = load(`trees/${file}`) as Record<string, Tree>;
  for (const { formula, facts: own, expect, fails } of cases) {
    test(`${file}: ${formula}`, () => {
      const expected = fails === undefined ? { expect } : { fails };
      assert.deepEqual(outcome(trees[formula]!, { ...facts, ...own }), expected);
    });
  }
}
