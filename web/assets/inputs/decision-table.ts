// <decision-table>: the grid of a decision table without a way to the server for every row. Rows are told apart by their order.
import { fillCell } from "../form/cells.ts";
import { isTable, parseTsv } from "../form/tsv.ts";
import { announce, isComposing } from "../dom.ts";
import { say } from "../words.ts";

/** What can be typed into a row, from left to right. */
const cellsOf = (row: Element): HTMLElement[] => [...row.querySelectorAll<HTMLElement>("td :is(input:not([type=hidden]), select)")];

class DecisionTable extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("click", (event) => this.#onClick(event));
    this.addEventListener("paste", (event) => this.#onPaste(event));
    this.addEventListener("keydown", (event) => this.#onKey(event));
  }

  get #body(): HTMLTableSectionElement {
    return this.querySelector("tbody")!;
  }

  get #rows(): HTMLTableRowElement[] {
    return [...this.#body.rows];
  }

  #insert(): HTMLTableRowElement {
    const row = this.querySelector("template")!.content.querySelector("tr")!.cloneNode(true) as HTMLTableRowElement;
    this.#body.append(row);
    return row;
  }

  #onClick(event: Event): void {
    const button = (event.target as Element).closest<HTMLButtonElement>("[data-do]");
    if (!button) return;
    event.preventDefault();
    const row = button.closest("tr");
    const verb = button.dataset["do"];
    if (verb === "add") {
      cellsOf(this.#insert())[0]?.focus();
    } else if (row && verb === "drop") {
      const near = row.nextElementSibling ?? row.previousElementSibling;
      row.remove();
      (near ? cellsOf(near)[0] : this.querySelector<HTMLElement>("[data-do=add]"))?.focus();
    } else if (row) {
      if (verb === "up") row.previousElementSibling?.before(row);
      else row.nextElementSibling?.after(row);
      button.focus();
    }
    this.#number();
  }

  /** Enter goes down a column, as in a spreadsheet, and makes another row behind the last. */
  #onKey(event: KeyboardEvent): void {
    const cell = event.target as HTMLElement;
    const row = cell.closest("tbody tr");
    if (event.key !== "Enter" || isComposing(event) || !row || !cell.matches("input")) return;
    event.preventDefault();
    const column = cellsOf(row).indexOf(cell);
    const next = cellsOf(row.nextElementSibling ?? this.#insert())[column];
    next?.focus();
    if (next instanceof HTMLInputElement) next.select();
    this.#number();
  }

  #onPaste(event: ClipboardEvent): void {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const cell = event.target as HTMLElement;
    const row = cell.closest("tbody tr");
    if (!isTable(text) || !row) return;
    event.preventDefault();
    const column = cellsOf(row).indexOf(cell);
    const pasted = parseTsv(text);
    let target: Element = row;
    pasted.forEach((values, place) => {
      if (place) target = target.nextElementSibling ?? this.#insert();
      const cells = cellsOf(target);
      values.forEach((value, offset) => cells[column + offset] && fillCell(cells[column + offset]!, value));
    });
    this.#number();
    announce(say("Rows pasted: {count}", { count: pasted.length }));
  }

  #number(): void {
    this.#rows.forEach((row, place) => {
      row.querySelector("[data-number]")!.textContent = String(place + 1);
    });
  }
}

customElements.define("decision-table", DecisionTable);
