// <line-items>: line items that can be added, copied, removed, moved, pasted and walked through by keys.
// Every line is a <tbody>; its place in the table is its number in the names, so each change ends with renumbering.
import Sortable from "sortablejs";

import { cellsOf, fillCell, textOf } from "./cells.ts";
import { announce, isComposing } from "../dom.ts";
import { toast } from "../toast.ts";
import { isTable, parseTsv } from "./tsv.ts";
import { say } from "../words.ts";

const PATTERN = "__row__";

export class LineItems extends HTMLElement {
  #table!: HTMLTableElement;
  #isReady = false;

  connectedCallback(): void {
    if (this.#isReady) return;
    this.#isReady = true;
    this.#table = this.querySelector("table.lines")!;
    this.addEventListener("keydown", (event) => this.#onKey(event));
    this.addEventListener("click", (event) => this.#onClick(event));
    if (this.dataset["free"] === undefined) return;
    this.addEventListener("paste", (event) => this.#onPaste(event));
    Sortable.create(this.#table, {
      draggable: "tbody[data-line]",
      handle: "[data-grip]",
      animation: 120,
      onEnd: ({ item }) => this.#moved(item),
    });
  }

  get name(): string {
    return this.dataset["name"]!;
  }

  get lines(): HTMLTableSectionElement[] {
    return [...this.#table.tBodies].filter((each) => each.dataset["line"] !== undefined);
  }

  /** Makes the number of lines what a draft needs. */
  setCount(count: number): void {
    while (this.lines.length < Math.min(count, this.#limit)) this.#insert();
    this.#changed();
  }

  get #limit(): number {
    return Number(this.dataset["limit"]);
  }

  /** A new line from the pattern, after the given one or at the end; undefined when no more are possible. */
  #insert(after?: Element): HTMLTableSectionElement | undefined {
    if (this.lines.length >= this.#limit) {
      toast(say("At most {limit} lines fit here.", { limit: this.#limit }), "warning");
      return undefined;
    }
    const pattern = this.querySelector<HTMLTemplateElement>(":scope > template")!;
    const line = document.importNode(pattern.content, true).querySelector("tbody")!;
    // Before it wakes up: the islands in it must find their final names.
    renumber(line, this.name, PATTERN, this.lines.length);
    if (after) after.after(line);
    else this.#table.tFoot!.before(line);
    return line;
  }

  #changed(): void {
    this.lines.forEach((line, place) => renumber(line, this.name, numberIn(line, this.name), place));
    this.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #moved(line: HTMLElement): void {
    this.#changed();
    announce(say("Now line {number} of {count}", { number: this.lines.indexOf(line as HTMLTableSectionElement) + 1, count: this.lines.length }));
  }

  #onClick(event: MouseEvent): void {
    const button = (event.target as Element).closest("button");
    if (button?.closest("line-items") !== this) return;
    const line = button.closest<HTMLTableSectionElement>("[data-line]");
    if (button.dataset["open"] !== undefined && line) this.#open(line, !line.classList.contains("is-open"));
    else if (button.name === "_add") this.#add();
    else if (button.name === "_copy" && line) this.#copy(line);
    else if (button.name === "_remove" && line) this.#remove(line);
    else if (button.name === "_up" && line) this.#move(line, -1);
    else if (button.name === "_down" && line) this.#move(line, 1);
    else return;
    event.preventDefault();
  }

  /** On a phone one line is open at a time. */
  #open(line: HTMLElement, isOpen = true): void {
    for (const each of this.lines) {
      each.classList.toggle("is-open", each === line && isOpen);
      each.querySelector("[data-open]")?.setAttribute("aria-expanded", String(each === line && isOpen));
    }
  }

  #add(after?: Element, column = 0): void {
    const line = this.#insert(after);
    if (!line) return;
    this.#changed();
    this.#open(line);
    cellsOf(line)[column]?.focus();
    announce(say("Line {number} added", { number: this.lines.indexOf(line) + 1 }));
  }

  #copy(line: HTMLTableSectionElement): void {
    const copy = this.#insert(line);
    if (!copy) return;
    const sources = cellsOf(line);
    cellsOf(copy).forEach((cell, place) => fillCell(cell, textOf(sources[place]!), sources[place]));
    this.#changed();
    this.#open(copy);
    cellsOf(copy)[0]?.focus();
    announce(say("Line {number} copied", { number: this.lines.indexOf(line) + 1 }));
  }

  #remove(line: HTMLTableSectionElement): void {
    const number = this.lines.indexOf(line) + 1;
    const next = line.nextElementSibling ?? this.#table.tFoot!;
    line.remove();
    this.#changed();
    (cellsOf(this.lines[Math.min(number, this.lines.length) - 1])[0] ?? this.querySelector<HTMLElement>('[name="_add"]'))?.focus();
    const back = (): void => {
      (next.isConnected ? next : this.#table.tFoot!).before(line);
      this.#changed();
      cellsOf(line)[0]?.focus();
    };
    toast(say("Line {number} removed", { number }), "", { title: say("Undo"), run: back });
  }

  #move(line: HTMLTableSectionElement, by: -1 | 1): void {
    const other = this.lines[this.lines.indexOf(line) + by];
    if (!other) return;
    const focused = document.activeElement as HTMLElement;
    if (by < 0) other.before(line);
    else other.after(line);
    this.#moved(line);
    focused.focus();
  }

  #onKey(event: KeyboardEvent): void {
    const cell = event.target as HTMLElement;
    const line = cell.closest<HTMLTableSectionElement>("[data-line]");
    if (!line || line.closest("line-items") !== this || isComposing(event) || event.ctrlKey || event.metaKey) return;
    const by = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
    if (event.altKey && by && this.dataset["free"] !== undefined) {
      event.preventDefault();
      this.#move(line, by);
    } else if (!event.altKey && cell.matches("input:not([type=checkbox], [type=date], [type=datetime-local])")) {
      if (by) this.#walk(event, line, cell, by);
      else if (event.key === "Enter") this.#walk(event, line, cell, 1, true);
    }
  }

  /** To the same column of the next line; Enter on the last one makes another. */
  #walk(event: KeyboardEvent, line: HTMLTableSectionElement, cell: HTMLElement, by: number, mayAdd = false): void {
    event.preventDefault();
    const column = cellsOf(line).indexOf(cell);
    const target = this.lines[this.lines.indexOf(line) + by];
    if (target) {
      const next = cellsOf(target)[column];
      next?.focus();
      if (next instanceof HTMLInputElement) next.select();
    } else if (mayAdd && this.dataset["free"] !== undefined) {
      this.#add(line, column);
    }
  }

  #onPaste(event: ClipboardEvent): void {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const start = (event.target as Element).closest<HTMLElement>(".line-cell");
    const line = start?.closest<HTMLTableSectionElement>("[data-line]");
    if (!isTable(text) || !line || line.closest("line-items") !== this || (event.target as Element).matches("textarea")) return;
    event.preventDefault();
    const rows = parseTsv(text);
    const first = this.lines.indexOf(line);
    const column = columnsOf(line).indexOf(start!);
    const fitting = rows.slice(0, this.#limit - first);
    while (this.lines.length < first + fitting.length) this.#insert();
    fitting.forEach((row, place) => {
      const cells = columnsOf(this.lines[first + place]!);
      row.forEach((value, offset) => {
        const target = cells[column + offset]?.querySelector<HTMLElement>("input:not([type=hidden]), select, textarea");
        // A computed column takes its place in what was copied, but not the value.
        if (target) fillCell(target, value);
      });
    });
    this.#changed();
    announce(say("Rows pasted: {count}", { count: fitting.length }));
    if (fitting.length < rows.length) toast(say("At most {limit} lines fit here; left out: {left}.", { limit: this.#limit, left: rows.length - fitting.length }), "warning");
  }
}

const columnsOf = (line: HTMLElement): HTMLElement[] => [...line.querySelectorAll<HTMLElement>(":scope > tr > .line-cell")];

/** The number that the names in a line carry now. */
function numberIn(line: HTMLElement, name: string): string {
  return line.id.slice(name.length + 1);
}

/** Writes a line's new number into every name, id and reference below it, patterns of nested lines included. */
function renumber(line: HTMLElement, name: string, from: string | number, to: number): void {
  const shown = line.querySelector("[data-number]");
  if (shown) shown.textContent = String(to + 1);
  if (String(from) === String(to)) return;
  const place = new RegExp(`(^|\\s)${escaped(`${name}-${from}`)}(?=-|\\s|$)`, "g");
  rename(line, (text) => text.replace(place, `$1${name}-${to}`));
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

const NAMING = ["name", "id", "for", "aria-describedby", "aria-labelledby", "data-name"];

function rename(root: Element | DocumentFragment, change: (text: string) => string): void {
  const elements = [...(root instanceof Element ? [root] : []), ...root.querySelectorAll("*")];
  for (const element of elements) {
    for (const attribute of element.matches('button[name^="_"]') ? [...NAMING, "value"] : NAMING) {
      const text = element.getAttribute(attribute);
      if (text) element.setAttribute(attribute, change(text));
    }
    if (element instanceof HTMLTemplateElement) rename(element.content, change);
  }
}

customElements.define("line-items", LineItems);
