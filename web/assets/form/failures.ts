// Says at a computed field why it has no value, in the same words as the server when it refuses the form.
import { Decimal } from "decimal.js";

import { textOfMoment } from "../formula/dates.ts";
import { plain, type FormulaFailed, type Scalar } from "../formula/values.ts";
import { say } from "../words.ts";

/** Operands that a sentence names, and characters that it repeats of a text; as on the server. */
const OPERANDS = 4;
const CHARACTERS = 40;

/** The sentence about a failure; `text` is the formula as people read it. */
export function told(failure: FormulaFailed, text: string): string {
  const said = say(failure.code, failure.params);
  if (!failure.part) return said;
  const characters = Array.from(text);
  const piece = ([start, end]: readonly [number, number]): string => characters.slice(start, end).join("");
  const operands = failure.part.operands.slice(0, OPERANDS).map(({ at, value }) => `${piece(at)} = ${written(value)}`);
  const part = piece(failure.part.at);
  return operands.length ? say("formula.failed_with", { said, part, operands: operands.join(", ") }) : say("formula.failed", { said, part });
}

/** Puts the sentence under the value, or takes it away again. */
export function complain(output: HTMLElement, sentence: string): void {
  const id = `${output.id}-failure`;
  const known = document.getElementById(id);
  if (!sentence) {
    known?.remove();
    output.removeAttribute("aria-describedby");
    return;
  }
  const note = known ?? Object.assign(document.createElement("div"), { id, className: "error" });
  if (note.textContent !== sentence) note.textContent = sentence;
  output.after(note);
  output.setAttribute("aria-describedby", id);
}

function written(value: Scalar): string {
  if (Decimal.isDecimal(value)) return plain(value);
  if (typeof value === "boolean") return String(value).toUpperCase();
  const text = typeof value === "bigint" ? textOfMoment(value) : String(value);
  return Array.from(text).length > CHARACTERS ? `${Array.from(text).slice(0, CHARACTERS).join("")}…` : text;
}
