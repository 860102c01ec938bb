// What a closed line says on a phone: its first words and its last number.
import { cellsOf, textOf } from "./cells.ts";
import { make } from "../dom.ts";
import { say } from "../words.ts";

export function summarise(form: HTMLElement): void {
  for (const summary of form.querySelectorAll<HTMLElement>("[data-summary]")) {
    const line = summary.closest<HTMLElement>("[data-line]")!;
    const words = cellsOf(line).find((each) => each.dataset["kind"] !== "number" && each.matches("input:not([type=checkbox], [type=file]), select, textarea") && textOf(each).trim());
    const numbers = [...line.querySelectorAll<HTMLElement>(":scope > tr > .kind-number :is(output, input)")];
    const number = numbers.map((each) => (each instanceof HTMLInputElement ? each.value : (each.textContent ?? ""))).filter(Boolean).at(-1);
    const text = words instanceof HTMLSelectElement ? (words.selectedOptions[0]?.text ?? "") : words ? textOf(words) : "";
    summary.replaceChildren(make("span", text ? {} : { class: "muted" }, text || say("Nothing typed here yet")), make("span", { class: "number" }, number ?? ""));
  }
}
