// The inputs of a line, whatever they are made of: how a text gets into one and out again.
import { LookUp } from "../inputs/look-up.ts";

const YES = new Set(["true", "yes", "y", "on", "1", "是", "对", "有", "√", "✓"]);

/** What can take the focus in the cells of a line, from left to right; one for each cell that can be changed. */
export function cellsOf(line: HTMLElement | undefined): HTMLElement[] {
  const cells = line?.querySelectorAll<HTMLElement>(":scope > tr > .line-cell") ?? [];
  return [...cells].map((cell) => cell.querySelector<HTMLElement>("input:not([type=hidden]), select, textarea")).filter((each) => each !== null);
}

export function textOf(cell: HTMLElement): string {
  if (cell instanceof HTMLInputElement && cell.type === "checkbox") return String(cell.checked);
  return (cell as HTMLInputElement).value;
}

/** Puts a text into an input; a select takes a value or the label that people read. `like` is the cell it was copied from. */
export function fillCell(cell: HTMLElement, text: string, like?: HTMLElement): void {
  const found = cell.closest("look-up");
  if (found instanceof LookUp) {
    const source = like?.closest("look-up");
    found.pick(...(source instanceof LookUp ? source.picked : ([text.trim(), text.trim()] as [string, string])));
  } else if (cell instanceof HTMLSelectElement) {
    const wanted = text.trim();
    const option = [...cell.options].find((each) => each.value === wanted || each.text.trim() === wanted);
    if (option) cell.value = option.value;
  } else if (cell instanceof HTMLInputElement && cell.type === "checkbox") {
    cell.checked = YES.has(text.trim().toLowerCase());
  } else if (cell instanceof HTMLInputElement && cell.type !== "file") {
    // One line: what a spreadsheet wraps must not run together.
    cell.value = text.replace(/\s*\n\s*/g, " ");
  } else if (cell instanceof HTMLTextAreaElement) {
    cell.value = text;
  }
}
