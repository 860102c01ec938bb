// <date-input>: a text field with a calendar beside it. The browser's own date field follows the browser's language, not
// the page's, so it is used only where fingers type: phones have a good one, and show it in their own way anyhow.
import { Calendar } from "./calendar.ts";
import { icon, make } from "../dom.ts";
import { placeAt } from "../popovers.ts";
import { say } from "../words.ts";

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}:\d{2}))?/;
/** 20261122, 2026/11/22, 2026.1.2, 2026年1月2日, 11-22; then perhaps a time. */
const LENIENT = /^(?:(\d{4})\D?(\d{1,2})\D?(\d{1,2})|(\d{1,2})\D(\d{1,2}))\D*?(?:\s+(\d{1,2})[:：](\d{2}))?$/;

const two = (number: number | string): string => String(number).padStart(2, "0");

/** What a person typed as YYYY-MM-DD (HH:MM), or unchanged when it is no date. */
export function normalised(text: string, now = new Date()): string {
  const found = LENIENT.exec(text.normalize("NFKC").trim());
  if (!found) return text;
  const [, year, month, day, shortMonth, shortDay, hour, minute] = found;
  const parts = [Number(year ?? now.getFullYear()), Number(month ?? shortMonth), Number(day ?? shortDay)] as const;
  const date = new Date(parts[0], parts[1] - 1, parts[2]);
  if (date.getMonth() !== parts[1] - 1 || date.getDate() !== parts[2]) return text;
  const time = hour === undefined ? "" : ` ${two(hour)}:${minute}`;
  return `${parts[0]}-${two(parts[1])}-${two(parts[2])}${time}`;
}

class DateInput extends HTMLElement {
  #input!: HTMLInputElement;
  #isReady = false;

  connectedCallback(): void {
    if (this.#isReady) return;
    this.#isReady = true;
    this.#input = this.querySelector("input")!;
    if (matchMedia("(pointer: coarse)").matches && (!this.#input.value || ISO.test(this.#input.value))) this.#useNative();
    else this.#addCalendar();
  }

  get #hasTime(): boolean {
    return this.dataset["time"] !== undefined;
  }

  #useNative(): void {
    const { value } = this.#input;
    this.#input.type = this.#hasTime ? "datetime-local" : "date";
    this.#input.value = this.#hasTime ? value.replace(" ", "T").slice(0, 16) : value.slice(0, 10);
  }

  #addCalendar(): void {
    const button = make("button", { type: "button", class: "date-open", tabindex: "-1", "aria-label": say("Open the calendar") }, icon("calendar3"));
    this.append(button);
    button.addEventListener("click", () => this.#open(button));
    this.#input.addEventListener("keydown", (event) => {
      if (event.altKey && event.key === "ArrowDown") {
        event.preventDefault();
        event.stopPropagation();
        this.#open(this.#input);
      }
    });
    this.#input.addEventListener("change", () => {
      this.#input.value = normalised(this.#input.value);
    });
  }

  #open(opener: HTMLElement): void {
    const chosen = ISO.exec(normalised(this.#input.value));
    const calendar = new Calendar(chosen ? new Date(Number(chosen[1]), Number(chosen[2]) - 1, Number(chosen[3])) : new Date(), (date) => {
      this.#take(date);
      calendar.element.hidePopover();
      this.#input.focus();
    });
    this.append(calendar.element);
    calendar.element.addEventListener("toggle", (event) => {
      if (event.newState === "closed") {
        calendar.element.remove();
        opener.focus();
      }
    });
    calendar.element.showPopover();
    placeAt(calendar.element, this.#input);
    calendar.focus();
  }

  #take(date: Date | null): void {
    const day = date ? `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}` : "";
    const now = new Date();
    const time = ISO.exec(this.#input.value)?.[4] ?? `${two(now.getHours())}:${two(now.getMinutes())}`;
    this.#input.value = day && this.#hasTime ? `${day} ${time}` : day;
    this.#input.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

customElements.define("date-input", DateInput);
