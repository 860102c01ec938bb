// Operations that look at every operand and are blank as soon as one of them is: most of them.
import type { Facts } from "./read.ts";
import type { Value } from "./values.ts";

/** Gives the value of an argument when it is asked for. */
export type Operand = () => Value;
/** The labels are those that LABEL chooses from. */
export type Operation = (operands: readonly Operand[], facts: Facts, labels?: Labels) => Value;
export type Labels = Readonly<Record<string, string>>;
export type Named = readonly [name: string, operation: Operation];

/** The same for what also depends on the facts, such as the zone; `operate` is given them first. */
export function strictAbout<Operands extends (Value | undefined)[]>(
  operate: (facts: Facts, ...operands: Operands) => Value,
): Operation {
  return (operands, facts, labels) =>
    strict((...values: Operands) => operate(facts, ...values))(operands, facts, labels);
}

/** Blank as soon as an operand is; the tree was checked, so the operands have the types that `operate` takes. */
export function strict<Operands extends (Value | undefined)[]>(operate: (...operands: Operands) => Value): Operation {
  return (operands) => {
    const values = operands.map((operand) => operand());
    return values.includes(null) ? null : operate(...(values as Operands));
  };
}
