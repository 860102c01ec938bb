// A month to pick a day from: arrows move by day and week, Page Up and Down by month, Home and End within the week.
import { icon, make } from "../dom.ts";
import { say } from "../words.ts";

const DAY = 86_400_000;
const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

const sameDay = (a: Date, b: Date): boolean => a.toDateString() === b.toDateString();
const weekday = (date: Date): number => (date.getDay() + 6) % 7;

export class Calendar {
  readonly element: HTMLElement;
  #shown: Date;
  readonly #chosen: Date;
  readonly #pick: (date: Date | null) => void;

  constructor(chosen: Date, pick: (date: Date | null) => void) {
    this.#chosen = this.#shown = chosen;
    this.#pick = pick;
    this.element = make("div", { popover: "auto", class: "calendar", role: "dialog", "aria-label": say("Open the calendar") });
    this.element.addEventListener("keydown", (event) => this.#onKey(event));
    this.#draw();
  }

  focus(): void {
    this.element.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  }

  #draw(): void {
    const language = document.documentElement.lang || "zh-CN";
    const title = new Intl.DateTimeFormat(language, { year: "numeric", month: "long" }).format(this.#shown);
    const head = make("div", { class: "calendar-head" }, this.#step(-1, "chevron-left"), make("strong", { "aria-live": "polite" }, title), this.#step(1, "chevron-right"));
    const foot = make("div", { class: "calendar-foot" }, this.#button(say("Today"), () => this.#pick(new Date())), this.#button(say("Clear"), () => this.#pick(null)));
    this.element.replaceChildren(head, this.#table(language, title), foot);
  }

  #step(by: number, name: "chevron-left" | "chevron-right"): HTMLElement {
    const button = make("button", { type: "button", class: "btn btn-quiet btn-square", "aria-label": say(by < 0 ? "Previous month" : "Next month") });
    // Written out, so that the build sees both names.
    button.append(name === "chevron-left" ? icon("chevron-left") : icon("chevron-right"));
    button.addEventListener("click", () => this.#show(this.#monthsOn(by), false));
    return button;
  }

  #button(title: string, run: () => void): HTMLElement {
    const button = make("button", { type: "button", class: "btn btn-quiet" }, title);
    button.addEventListener("click", run);
    return button;
  }

  #table(language: string, title: string): HTMLElement {
    const first = new Date(this.#shown.getFullYear(), this.#shown.getMonth(), 1);
    const start = new Date(first.getFullYear(), first.getMonth(), 1 - weekday(first));
    const names = new Intl.DateTimeFormat(language, { weekday: "narrow" });
    const day = (offset: number): Date => new Date(start.getFullYear(), start.getMonth(), start.getDate() + offset);
    const weeks = Math.ceil((weekday(first) + new Date(first.getFullYear(), first.getMonth() + 1, 0).getDate()) / 7);
    const rows = Array.from({ length: weeks }, (_, week) => make("tr", {}, ...Array.from({ length: 7 }, (_, place) => this.#cell(day(week * 7 + place)))));
    const heads = Array.from({ length: 7 }, (_, place) => make("th", { scope: "col" }, names.format(day(place))));
    return make("table", { role: "grid", "aria-label": title }, make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...rows));
  }

  #cell(date: Date): HTMLElement {
    const isShown = sameDay(date, this.#shown);
    const button = make("button", { type: "button", tabindex: isShown ? 0 : -1, "aria-label": date.toLocaleDateString(document.documentElement.lang || "zh-CN", { dateStyle: "full" }) }, String(date.getDate()));
    button.classList.toggle("is-other", date.getMonth() !== this.#shown.getMonth());
    button.classList.toggle("is-today", sameDay(date, new Date()));
    button.addEventListener("click", () => this.#pick(date));
    return make("td", { "aria-selected": String(sameDay(date, this.#chosen)) }, button);
  }

  #onKey(event: KeyboardEvent): void {
    if (!(event.target as Element).closest("td")) return;
    const days = STEPS[event.key];
    const target =
      days !== undefined ? new Date(this.#shown.getTime() + days * DAY)
      : event.key === "PageUp" ? this.#monthsOn(event.shiftKey ? -12 : -1)
      : event.key === "PageDown" ? this.#monthsOn(event.shiftKey ? 12 : 1)
      : event.key === "Home" ? new Date(this.#shown.getTime() - weekday(this.#shown) * DAY)
      : event.key === "End" ? new Date(this.#shown.getTime() + (6 - weekday(this.#shown)) * DAY)
      : undefined;
    if (!target) return;
    event.preventDefault();
    event.stopPropagation();
    this.#show(target, true);
  }

  #monthsOn(by: number): Date {
    const last = new Date(this.#shown.getFullYear(), this.#shown.getMonth() + by + 1, 0).getDate();
    return new Date(this.#shown.getFullYear(), this.#shown.getMonth() + by, Math.min(this.#shown.getDate(), last));
  }

  #show(date: Date, withFocus: boolean): void {
    const label = document.activeElement?.getAttribute("aria-label");
    this.#shown = date;
    this.#draw();
    if (withFocus) this.focus();
    else [...this.element.querySelectorAll<HTMLElement>(".calendar-head button")].find((each) => each.getAttribute("aria-label") === label)?.focus();
  }
}
