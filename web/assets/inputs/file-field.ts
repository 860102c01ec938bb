// <file-field>: files go up by themselves as soon as they are chosen; the form carries the ids the server gave them.
import { announce, csrfToken, icon, make } from "../dom.ts";
import { shrunk } from "./photo.ts";
import { say } from "../words.ts";

export type Attached = [id: string, name: string];

export class FileField extends HTMLElement {
  #list!: HTMLElement;
  #isReady = false;

  connectedCallback(): void {
    if (this.#isReady) return;
    this.#isReady = true;
    this.#list = this.querySelector(".files")!;
    const input = this.querySelector<HTMLInputElement>("input[type=file]")!;
    input.addEventListener("change", () => {
      const isPhoto = input.dataset["photo"] !== undefined;
      for (const file of input.files ?? []) void this.#send(file, isPhoto);
      // The same file may be chosen again after it was removed.
      input.value = "";
    });
    this.addEventListener("click", (event) => {
      const button = (event.target as Element).closest("[data-drop]");
      if (!button) return;
      button.closest("li")!.remove();
      this.#changed();
      this.querySelector<HTMLInputElement>("input[type=file]")!.focus();
    });
  }

  get files(): Attached[] {
    return [...this.#list.querySelectorAll<HTMLInputElement>("input[type=hidden]")].map((each) => [each.value, each.dataset["fileName"] ?? each.value]);
  }

  get isBusy(): boolean {
    return this.#list.querySelector("progress") !== null;
  }

  /** Takes an uploaded file into the form. */
  attach([id, name]: Attached, row = make("li")): void {
    if (this.dataset["single"] !== undefined) [...this.#list.children].forEach((each) => each !== row && each.remove());
    const path = this.querySelector<HTMLInputElement>("input[type=hidden]")!.dataset;
    const kept = make("input", { type: "hidden", name: this.dataset["name"]!, value: id, "data-path": path["path"] ?? "", "data-type": path["type"] ?? "", "data-file-name": name });
    const image = row.querySelector("img");
    row.replaceChildren(kept, ...(image ? [image] : [icon("paperclip")]), make("span", { class: "name" }, name), this.#dropButton(name));
    if (!row.isConnected) this.#list.append(row);
    this.#changed();
  }

  #changed(): void {
    this.dispatchEvent(new Event("input", { bubbles: true }));
  }

  async #send(original: File, isPhoto: boolean): Promise<void> {
    const row = this.#list.appendChild(make("li", {}, make("span", { class: "name" }, say("Uploading {name}", { name: original.name }))));
    const progress = row.appendChild(make("progress", { max: 1, value: 0, "aria-label": original.name }));
    const file = isPhoto ? await shrunk(original) : original;
    if (file.type.startsWith("image/")) row.prepend(make("img", { src: URL.createObjectURL(file), alt: "" }));
    try {
      const id = await upload(file, this.#address, (part) => (progress.value = part));
      this.attach([id, original.name], row);
      announce(say("{name} attached", { name: original.name }));
    } catch {
      this.#fail(row, original, isPhoto);
    }
  }

  #fail(row: HTMLElement, file: File, isPhoto: boolean): void {
    const again = make("button", { type: "button", class: "btn btn-plain" }, say("Try again"));
    again.addEventListener("click", () => {
      row.remove();
      void this.#send(file, isPhoto);
    });
    row.replaceChildren(make("span", { class: "name failed", role: "alert" }, say("{name} could not be sent", { name: file.name })), again, this.#dropButton(file.name));
  }

  #dropButton(name: string): HTMLElement {
    return make("button", { type: "button", class: "btn btn-quiet btn-square", "data-drop": true, "aria-label": `${say("Remove")} ${name}` }, icon("x-lg"));
  }

  get #address(): string {
    return this.closest<HTMLElement>("[data-files]")!.dataset["files"]!;
  }
}

/** Sends one file; `fetch` cannot tell how far it has come. */
function upload(file: File, address: string, onProgress: (part: number) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.responseType = "json";
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.upload.onprogress = (event) => onProgress(event.loaded / event.total);
    request.onload = () => (request.status < 300 ? resolve((request.response as { id: string }).id) : reject(new Error(String(request.status))));
    request.onerror = () => reject(new Error("network"));
    const form = new FormData();
    form.append("file", file, file.name);
    request.send(form);
  });
}

customElements.define("file-field", FileField);
