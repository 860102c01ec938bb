// Keeps a form alive while somebody types: computed values, what shows, what is required. The server has the last word.
import { Decimal } from "decimal.js";

import { evaluate, FormulaFailed, kept, type Facts, type Tree, type Value } from "../formula/evaluate.ts";
import { complain, told } from "./failures.ts";
import { rounded, shown, type Rounding } from "./typed-value.ts";
import { placesOf, valuesOf, type Group, type Place } from "./values.ts";

interface Computed {
  path: string;
  type: string;
  rounding: Rounding | null;
  /** What its formula reads is not rounded before. */
  isRoundedLast: boolean;
  /** The formula as people read it; the parts of the tree say where they stand in it. */
  text: string;
  tree: Tree;
}

/** What `web.forms.linkage` writes. */
export interface Linkage {
  computed: Computed[];
  visible: Record<string, Tree>;
  required: Record<string, Tree>;
  readonly: Record<string, Tree>;
  totals: string[];
  facts: Omit<Facts, "values"> & { values: Group };
}

/** One round: read the inputs, compute, and show what has changed by it. */
export function refresh(form: HTMLElement, linkage: Linkage): void {
  const values = valuesOf(form, linkage.facts.values);
  const facts: Facts = { ...linkage.facts, values };
  const unrounded = linkage.computed.some((each) => each.isRoundedLast) ? withoutRounding(linkage, values) : {};
  for (const each of linkage.computed) compute(form, each, facts, each.isRoundedLast ? unrounded : {});
  for (const [path, tree] of Object.entries(linkage.visible)) {
    for (const place of placesOf(values, path)) show(fieldAt(form, path, place), holds(tree, facts, place));
  }
  for (const [path, tree] of Object.entries(linkage.required)) {
    for (const place of placesOf(values, path)) require(fieldAt(form, path, place), holds(tree, facts, place));
  }
  for (const [path, tree] of Object.entries(linkage.readonly)) {
    for (const place of placesOf(values, path)) fieldAt(form, path, place)?.toggleAttribute("inert", holds(tree, facts, place));
  }
  for (const path of linkage.totals) total(form, path, values, linkage.computed);
}

/** Name of the place → what comes out where nothing is rounded on the way. */
export function withoutRounding(linkage: Pick<Linkage, "computed" | "facts">, values: Group): Record<string, Value> {
  const facts: Facts = { ...linkage.facts, values: structuredClone(values) };
  const found: Record<string, Value> = {};
  for (const each of linkage.computed) {
    for (const [place, value] of results(each, facts)) {
      found[place.name] = value;
      place.holder[place.key] = Array.isArray(value) ? "" : kept(value as never);
    }
  }
  return found;
}

function compute(form: HTMLElement, each: Computed, facts: Facts, unrounded: Record<string, Value>): void {
  for (const [place, value, failure] of results(each, facts, unrounded)) {
    const text = Array.isArray(value) ? "" : rounded(kept(value as never), each.rounding);
    place.holder[place.key] = text;
    const output = form.querySelector<HTMLElement>(`output#${CSS.escape(place.name)}`);
    if (!output) continue;
    output.textContent = shown(text, each.type);
    complain(output, failure ? told(failure, each.text) : "");
  }
}

/** What comes out at every place of a computed field, one after the other; `known` says it by the place's name. */
function* results(each: Computed, facts: Facts, known: Record<string, Value> = {}): Generator<[Place, Value, FormulaFailed?]> {
  for (const [number, place] of placesOf(facts.values as Group, each.path).entries()) {
    const value = known[place.name];
    if (value !== undefined && value !== null) yield [place, value];
    else yield outcome(each.tree, facts, place, number);
  }
}

/** The value at a place, or blank and why there is none. `number` counts the lines that the formula runs in. */
function outcome(tree: Tree, facts: Facts, place: Place, number?: number): [Place, Value, FormulaFailed?] {
  try {
    return [place, evaluate(tree, place.holder === facts.values ? facts : { ...facts, line: place.holder, place: number })];
  } catch (failure) {
    return failure instanceof FormulaFailed ? [place, null, failure] : [place, null];
  }
}

/** A condition that fails simply has no value. */
const attempt = (tree: Tree, facts: Facts, place: Place): Value => outcome(tree, facts, place)[1];

const holds = (tree: Tree, facts: Facts, place: Place): boolean => attempt(tree, facts, place) === true;

/** The element around a field: a cell of the line in whose names the place stands, or a field of the form. */
function fieldAt(form: HTMLElement, path: string, place: Place): HTMLElement | undefined {
  const line = place.name.length > path.length ? place.name.slice(0, place.name.length - place.key.length - 1) : "";
  const around = line ? form.querySelector(`#${CSS.escape(line)}`) : null;
  return (around ?? form).querySelector<HTMLElement>(`[data-field="${CSS.escape(path)}"]`) ?? undefined;
}

/** What is not shown is not sent either; a cell keeps its place in the table. */
function show(field: HTMLElement | undefined, isShown: boolean): void {
  if (!field) return;
  if (field.matches("td")) field.classList.toggle("is-off", !isShown);
  else field.hidden = !isShown;
  for (const input of field.querySelectorAll<HTMLInputElement>("[name]")) input.disabled = !isShown;
}

function require(field: HTMLElement | undefined, isRequired: boolean): void {
  const star = field?.querySelector<HTMLElement>("[data-star]");
  if (star) star.hidden = !isRequired;
  field?.querySelector("[data-path]:not([type=hidden])")?.setAttribute("aria-required", String(isRequired));
}

function total(form: HTMLElement, path: string, values: Group, computed: Computed[]): void {
  for (const cell of form.querySelectorAll<HTMLElement>(`[data-sum="${CSS.escape(path)}"]`)) {
    const numbers = placesOf(values, path).map(({ holder, key }) => holder[key]);
    const sum = numbers.reduce<Decimal>((sum, value) => (isNumber(value) ? sum.plus(value) : sum), new Decimal(0));
    const type = computed.find((each) => each.path === path)?.type ?? cell.dataset["type"] ?? "decimal";
    cell.textContent = shown(sum.toFixed(), type);
    cell.closest("tfoot")!.hidden = false;
  }
}

const isNumber = (value: unknown): value is string => typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value);
