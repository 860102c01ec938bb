// Reads what a path names from the values of a form, as somebody is filling it in.
import { isDate, momentOf } from "./dates.ts";
import { exact, FormulaFailed, type Group, type Scalar, type Value } from "./values.ts";

/** Everything one evaluation may read; the same as `engine.formula.scope.Facts`, in plain JSON. */
export interface Facts {
  readonly values: Group;
  readonly line?: Group;
  /** Which of the lines it is, from 0 on. */
  readonly place?: number;
  readonly references?: Readonly<Record<string, Group>>;
  readonly actor?: string;
  readonly now?: string;
  readonly today?: string;
  /** Name of the workspace's zone. */
  readonly zone?: string;
  readonly state?: string;
  readonly projects?: readonly string[];
}

/** A path with the type that it was found to have: `decimal`, or `decimal[]` for a list. */
export interface Reading {
  readonly op: "read";
  readonly path: readonly string[];
  readonly type: string;
  readonly line?: boolean;
}

const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d{1,6})?$/;

/** The value of the path; a missing list is empty. */
export function read(reading: Reading, facts: Facts): Value {
  const found = reading.path.reduce<unknown>(
    (value, key) => step(value, key, facts),
    (reading.line ? facts.line : facts.values) ?? null,
  );
  const unfit = new FormulaFailed("formula.value", { path: reading.path.join(".") });
  if (!reading.type.endsWith("[]")) return scalar(found, reading.type, unfit);
  if (found === null || found === undefined || found === "") return [];
  if (!Array.isArray(found)) throw unfit;
  return found.map((item) => scalar(item, reading.type.slice(0, -2), unfit));
}

/** What `key` names in a group of fields, in the record whose id this is, or in each line. */
function step(value: unknown, key: string, facts: Facts): unknown {
  if (Array.isArray(value)) return value.flatMap((line) => step(line, key, facts));
  const group = typeof value === "string" ? own(facts.references, value) : value;
  return own(group, key);
}

function own(group: unknown, key: string): unknown {
  return typeof group === "object" && group !== null && Object.hasOwn(group, key) ? (group as Group)[key] : null;
}

function scalar(value: unknown, kind: string, unfit: FormulaFailed): Scalar {
  if (value === null || value === undefined || value === "" || kind === "blank") return null;
  const converted = CONVERT[kind]?.(value) ?? null;
  if (converted === null) throw unfit;
  return converted;
}

/** A form's value → as formulas calculate with it, or null when it does not fit. */
const CONVERT: Readonly<Record<string, (value: unknown) => Scalar>> = {
  decimal: (value) => {
    const text = typeof value === "number" ? String(value) : value;
    return typeof text === "string" && NUMBER.test(text) ? exact(text) : null;
  },
  text: (value) => (typeof value === "string" ? value : null),
  boolean: (value) => (typeof value === "boolean" ? value : null),
  date: (value) => (typeof value === "string" && isDate(value) ? value : null),
  datetime: (value) => (typeof value === "string" ? momentOf(value) : null),
  reference: (value) => (typeof value === "string" ? value : null),
  record: (value) => (typeof value === "object" ? (value as Group) : null),
};
