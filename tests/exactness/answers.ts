// Answers each line of standard input, a list of [tree, facts], with a line: the list of what evaluation gives.
import { createInterface } from "node:readline";
import { type Facts, type Tree } from "../../web/assets/formula/evaluate.ts";
import { outcome } from "../vectors/outcome.ts";

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line) as [Tree, Facts][];
  process.stdout.write(`${JSON.stringify(asked.map(([tree, facts]) => outcome(tree, facts)))}\n`);
}
