// What is written in a form, as a flat list that can be stored, and back again into the form.
import { FileField, type Attached } from "../inputs/file-field.ts";
import { LineItems } from "./line-items.ts";
import { LookUp } from "../inputs/look-up.ts";

export type Entry = [name: string, value: string];

/** Marks an entry that holds more than a text: a picked record with its label, or files with their names. */
const RICH = "\u0000";

export function entriesOf(form: HTMLFormElement): Entry[] {
  const entries = [...new FormData(form)].filter((entry): entry is Entry => typeof entry[1] === "string" && isTyped(entry[0]));
  for (const each of form.querySelectorAll("look-up")) {
    if (each instanceof LookUp) entries.push([nameIn(each) + RICH, JSON.stringify(each.picked)]);
  }
  for (const each of form.querySelectorAll("file-field")) {
    if (each instanceof FileField) entries.push([nameIn(each) + RICH, JSON.stringify(each.files)]);
  }
  return entries;
}

/** Not what the page itself puts into its forms: token, revision, idempotency key. */
const isTyped = (name: string): boolean => name !== "csrf_token" && (!name.startsWith("_") || name === "_comment");

const nameIn = (element: Element): string => element.querySelector<HTMLInputElement>("[name]")!.name;

/** Puts stored entries back; lines are made as many as there were. */
export function fill(form: HTMLFormElement, entries: Entry[]): void {
  const texts = new Map<string, string[]>();
  for (const [name, value] of entries) texts.set(name, [...(texts.get(name) ?? []), value]);
  for (const lines of form.querySelectorAll("line-items")) {
    if (lines instanceof LineItems) lines.setCount(countIn(lines.name, entries));
  }
  for (const input of form.querySelectorAll<HTMLInputElement>("[name]:not(button)")) {
    const found = texts.get(input.name);
    if (!found || !isTyped(input.name) || input.closest("look-up, file-field")) continue;
    if (input.type === "checkbox") input.checked = found.includes(input.value);
    else if (input.type !== "hidden") input.value = found.at(-1)!;
  }
  for (const each of form.querySelectorAll("look-up")) {
    const picked = texts.get(nameIn(each) + RICH)?.[0];
    if (picked && each instanceof LookUp) each.pick(...(JSON.parse(picked) as Attached));
  }
  for (const each of form.querySelectorAll("file-field")) {
    const files = texts.get(nameIn(each) + RICH)?.[0];
    if (!files || !(each instanceof FileField)) continue;
    const known = new Set(each.files.map(([id]) => id));
    for (const file of JSON.parse(files) as Attached[]) if (!known.has(file[0])) each.attach(file);
  }
}

function countIn(name: string, entries: Entry[]): number {
  const numbers = entries.map(([each]) => (each.startsWith(`${name}-`) ? Number.parseInt(each.slice(name.length + 1), 10) : -1));
  return Math.max(-1, ...numbers.filter((each) => !Number.isNaN(each))) + 1;
}
