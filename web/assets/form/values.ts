// The values of a form as nested JSON, as the server will read them, and the places a path leads to.
import { valueOf } from "./typed-value.ts";

export type Group = { [key: string]: unknown };

/** Somewhere a path leads to: the object that holds its last key, and the name of the input there. */
export interface Place {
  holder: Group;
  key: string;
  name: string;
}

/** `items-0-price` with the path `items.price` → ["items", 0, "price"]. */
export function keysOf(name: string, path: string): (string | number)[] {
  const keys: (string | number)[] = [];
  let rest = name;
  for (const key of path.split(".")) {
    keys.push(key);
    rest = rest.slice(key.length + 1);
    const number = /^(\d+)-/.exec(rest);
    if (number) {
      keys.push(Number(number[1]));
      rest = rest.slice(number[0].length);
    }
  }
  return keys;
}

/** Every place of a path: one, or one in each line. */
export function placesOf(values: Group, path: string, name = ""): Place[] {
  const [key, ...rest] = path.split(".") as [string, ...string[]];
  const here = name ? `${name}-${key}` : key;
  if (!rest.length) return [{ holder: values, key, name: here }];
  const inner = values[key];
  if (Array.isArray(inner)) return inner.flatMap((line: Group, number) => placesOf(line, rest.join("."), `${here}-${number}`));
  return typeof inner === "object" && inner !== null ? placesOf(inner as Group, rest.join("."), here) : [];
}

/** The kept values with everything in their place that stands in the form's inputs now. */
export function valuesOf(root: ParentNode, kept: Group): Group {
  const values = structuredClone(kept);
  for (const lines of root.querySelectorAll<HTMLElement>("line-items")) fillLines(values, kept, lines);
  for (const input of root.querySelectorAll<HTMLInputElement>("[name][data-path]")) {
    if (!input.disabled) put(values, input);
  }
  return values;
}

/** Lines start as the kept ones they came from, so that columns which are only shown have their values. */
function fillLines(values: Group, kept: Group, element: HTMLElement): void {
  const rows = [...element.querySelectorAll<HTMLInputElement>(":scope > .lines-frame > table > tbody > tr > .line-number > [name$='-_row']")];
  const path = element.closest<HTMLElement>("[data-field]")!.dataset["field"]!;
  const keys = keysOf(element.dataset["name"]!, path);
  const before = keys.reduce<unknown>((value, key) => (value as Group | undefined)?.[key], kept) as Group[] | undefined;
  const lines = rows.map((row) => structuredClone(row.value === "" ? {} : (before?.[Number(row.value)] ?? {})));
  const holder = keys.slice(0, -1).reduce<Group>((value, key) => (value[key] ??= {}) as Group, values);
  holder[keys.at(-1)!] = lines;
}

function put(values: Group, input: HTMLInputElement): void {
  const { path = "", type = "" } = input.dataset;
  const keys = keysOf(input.name, path);
  const last = keys.pop()!;
  const holder = keys.reduce<Group>((value, key) => (value[key] ??= {}) as Group, values);
  if (type === "multi_choice" || (input.type === "hidden" && input.closest("file-field"))) {
    const list = input.type === "checkbox" && !input.checked ? [] : [input.value].filter(Boolean);
    const isFirst = input.matches(":first-child") || !Array.isArray(holder[last]);
    holder[last] = isFirst ? list : [...(holder[last] as unknown[]), ...list];
  } else {
    holder[last] = valueOf(input.type === "checkbox" ? String(input.checked) : input.value, type);
  }
}
