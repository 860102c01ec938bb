// Short messages at the top of the page; the server's own are there from the start.
import { icon, make } from "./dom.ts";
import { say } from "./words.ts";

const SHOWN_FOR = 6000;

/** Shows a message; one about trouble stays until it is closed. `undo` adds a button. */
export function toast(text: string, tone = "", undo?: { title: string; run: () => void }): void {
  const element = make("div", { class: tone }, make("span", { class: "grow" }, text));
  if (undo) {
    const button = make("button", { type: "button", class: "btn btn-plain" }, undo.title);
    button.addEventListener("click", () => {
      undo.run();
      element.remove();
    });
    element.append(button);
  }
  document.getElementById("toasts")?.append(element);
  settle(element);
}

function settle(element: HTMLElement): void {
  const close = make("button", { type: "button", class: "btn btn-quiet btn-square", "aria-label": say("Close") }, icon("x-lg"));
  close.addEventListener("click", () => element.remove());
  element.append(close);
  if (!element.classList.contains("danger")) setTimeout(() => element.remove(), SHOWN_FOR);
}

export function settleServerToasts(): void {
  document.querySelectorAll<HTMLElement>("#toasts > [data-toast]").forEach(settle);
}
