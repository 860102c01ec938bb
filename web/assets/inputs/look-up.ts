// <look-up>: a combo box over many records. The input it wraps keeps the id and its name; a second one takes the search.
import { announce, isComposing, make } from "../dom.ts";
import { placeAt } from "../popovers.ts";
import { say } from "../words.ts";

type Hit = [id: string, label: string];

const PAUSE = 200;
let made = 0;

export class LookUp extends HTMLElement {
  #kept!: HTMLInputElement;
  #search!: HTMLInputElement;
  #list!: HTMLElement;
  #label = "";
  #timer = 0;
  #asked = 0;

  connectedCallback(): void {
    if (this.#kept) return;
    this.#kept = this.querySelector("input")!;
    this.#label = this.dataset["picked"] ?? "";
    this.#list = make("ul", { role: "listbox", popover: "manual", class: "look-up-list", id: `look-up-${(made += 1)}` });
    this.#search = make("input", {
      class: "form-control", type: "text", role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false",
      "aria-controls": this.#list.id, placeholder: this.dataset["hint"] ?? "",
    });
    // Label and messages belong to what people see.
    for (const name of ["id", "aria-describedby", "aria-invalid", "aria-required", "aria-label"]) {
      const value = this.#kept.getAttribute(name);
      if (value !== null) this.#search.setAttribute(name, value);
      this.#kept.removeAttribute(name);
    }
    this.#kept.type = "hidden";
    this.#search.value = this.#label;
    this.append(this.#search, this.#list);
    this.#listen();
  }

  /** Chooses a record, or nothing. */
  pick(id: string, label: string): void {
    this.#kept.value = id;
    this.#label = this.#search.value = label;
    this.#close();
    this.#kept.dispatchEvent(new Event("input", { bubbles: true }));
  }

  get picked(): Hit {
    return [this.#kept.value, this.#label];
  }

  #listen(): void {
    this.#search.addEventListener("input", (event) => {
      event.stopPropagation();
      clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => void this.#find(), PAUSE);
    });
    this.#search.addEventListener("click", () => void this.#find());
    this.#search.addEventListener("keydown", (event) => this.#onKey(event));
    this.#search.addEventListener("blur", () => this.#leave());
    // Before blur takes the list away.
    this.#list.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const option = (event.target as Element).closest<HTMLElement>("[role=option]");
      if (option) this.#take(option);
    });
  }

  async #find(): Promise<void> {
    const asked = (this.#asked += 1);
    const url = new URL(this.dataset["url"]!, location.href);
    // What is picked already is no question: show the first records.
    url.searchParams.set("q", this.#search.value === this.#label ? "" : this.#search.value.trim());
    const answer = await fetch(url, { headers: { Accept: "application/json" } }).catch(() => undefined);
    if (asked !== this.#asked || !answer?.ok) return;
    this.#show((await answer.json()) as Hit[]);
  }

  #show(hits: Hit[]): void {
    const options = hits.map(([id, label], place) => make("li", { role: "option", id: `${this.#list.id}-${place}`, "data-id": id, "aria-selected": "false" }, label));
    this.#list.replaceChildren(...(options.length ? options : [make("li", { class: "muted", role: "presentation" }, this.dataset["none"] ?? "")]));
    this.#search.setAttribute("aria-expanded", "true");
    this.#search.removeAttribute("aria-activedescendant");
    if (!this.#list.matches(":popover-open")) this.#list.showPopover();
    this.#list.style.minWidth = `${this.#search.offsetWidth}px`;
    placeAt(this.#list, this.#search);
    announce(say("Found: {count}", { count: hits.length }));
  }

  #onKey(event: KeyboardEvent): void {
    if (isComposing(event)) return;
    const isOpen = this.#list.matches(":popover-open");
    if (event.key === "Escape" && isOpen) {
      this.#close();
    } else if (event.key === "Enter" && isOpen && this.#active) {
      this.#take(this.#active);
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !event.altKey) {
      if (isOpen) this.#move(event.key === "ArrowDown" ? 1 : -1);
      else void this.#find();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  get #active(): HTMLElement | null {
    return this.#list.querySelector<HTMLElement>('[aria-selected="true"]');
  }

  #move(by: number): void {
    const options = [...this.#list.querySelectorAll<HTMLElement>("[role=option]")];
    if (!options.length) return;
    const next = options[(options.indexOf(this.#active!) + by + options.length + (this.#active || by > 0 ? 0 : 1)) % options.length]!;
    this.#active?.setAttribute("aria-selected", "false");
    next.setAttribute("aria-selected", "true");
    next.scrollIntoView({ block: "nearest" });
    this.#search.setAttribute("aria-activedescendant", next.id);
  }

  #take(option: HTMLElement): void {
    this.pick(option.dataset["id"]!, option.textContent ?? "");
  }

  /** An emptied search means nothing is picked; other unfinished text falls back to what was. */
  #leave(): void {
    if (!this.#search.value.trim() && this.#kept.value) this.pick("", "");
    this.#search.value = this.#label;
    this.#close();
  }

  #close(): void {
    clearTimeout(this.#timer);
    this.#asked += 1;
    if (this.#list.matches(":popover-open")) this.#list.hidePopover();
    this.#search.setAttribute("aria-expanded", "false");
    this.#search.removeAttribute("aria-activedescendant");
  }
}

customElements.define("look-up", LookUp);
