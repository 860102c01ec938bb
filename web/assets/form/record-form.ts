// <record-form>: a form that computes while one types, keeps a draft, and does not let typed text go unnoticed.
import { dropDraft, keepDraft, readDraft } from "./draft.ts";
import { entriesOf, fill } from "./entries.ts";
import { FileField } from "../inputs/file-field.ts";
import { refresh, type Linkage } from "./linkage.ts";
import { summarise } from "./summary.ts";
import { toast } from "../toast.ts";
import { say } from "../words.ts";

const PAUSE = 1000;

export class RecordForm extends HTMLElement {
  #form!: HTMLFormElement;
  #linkage: Linkage | undefined;
  #before = "";
  #isSending = false;
  #timer = 0;
  #frame = 0;

  connectedCallback(): void {
    if (this.#form) return;
    this.#form = this.querySelector("form")!;
    const script = this.querySelector("script[data-linkage]");
    this.#linkage = script ? (JSON.parse(script.textContent ?? "") as Linkage) : undefined;
    this.addEventListener("input", () => this.#onInput());
    this.addEventListener("change", () => this.#onInput());
    this.addEventListener("submit", (event) => this.#onSubmit(event), true);
    this.addEventListener("htmx:response:error", () => (this.#isSending = false));
    this.addEventListener("htmx:error", () => (this.#isSending = false));
    // Inputs inside wake up after this element does.
    queueMicrotask(() => {
      this.#refresh();
      this.#before = this.#written;
      this.#offerDraft();
    });
  }

  /** Whether something was typed that is nowhere but here. */
  get isDirty(): boolean {
    return !this.#isSending && this.isConnected && this.#written !== this.#before;
  }

  /** Presses the button for saving, or the one for going on. */
  press(kind: "save" | "submit"): void {
    (this.querySelector<HTMLElement>(`[data-${kind}]`) ?? this.querySelector<HTMLElement>("[data-submit], [data-save]"))?.click();
  }

  get #written(): string {
    return JSON.stringify(entriesOf(this.#form));
  }

  get #draft(): string {
    return this.dataset["draft"] ?? "";
  }

  #onInput(): void {
    // Many cells change at once when rows are pasted; one round is enough.
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#refresh());
    if (!this.#draft) return;
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.isDirty && keepDraft(this.#draft, entriesOf(this.#form)), PAUSE);
  }

  #refresh(): void {
    if (this.#linkage) refresh(this.#form, this.#linkage);
    summarise(this.#form);
  }

  #onSubmit(event: SubmitEvent): void {
    const isBusy = [...this.querySelectorAll("file-field")].some((each) => each instanceof FileField && each.isBusy);
    if (isBusy) {
      event.preventDefault();
      event.stopImmediatePropagation();
      toast(say("Still uploading; please wait a moment."), "warning");
      return;
    }
    this.#isSending = true;
    clearTimeout(this.#timer);
    // Kept until the server has answered well: a train may enter a tunnel now.
    if (this.#draft) keepDraft(this.#draft, entriesOf(this.#form));
    document.addEventListener("htmx:after:request", (answer) => {
      const status = (answer as CustomEvent).detail?.ctx?.response?.status ?? 0;
      if (this.#draft && status >= 200 && status < 400) dropDraft(this.#draft);
    }, { once: true });
  }

  #offerDraft(): void {
    const draft = this.#draft ? readDraft(this.#draft) : undefined;
    const offer = this.querySelector<HTMLElement>("[data-draft-offer]");
    // After a refusal the server has sent back all that was typed.
    if (!draft || !offer || this.querySelector("[role=alert]") || JSON.stringify(draft.entries) === this.#before) return;
    offer.hidden = false;
    offer.addEventListener("click", (event) => {
      const button = (event.target as Element).closest("button");
      if (!button) return;
      offer.hidden = true;
      if (button.dataset["draftTake"] !== undefined) {
        fill(this.#form, draft.entries);
        this.#onInput();
      } else {
        dropDraft(this.#draft);
      }
    });
  }
}

customElements.define("record-form", RecordForm);
