// What becomes of an answer: the dialog opens when something was put into it, and every refusal is said aloud.
import { toast } from "./toast.ts";
import { say } from "./words.ts";

const SAID: Record<number, string> = {
  0: "No connection. What you typed is still here.",
  401: "You have been signed out. Sign in again in another tab, then repeat.",
  403: "You may not do this.",
  409: "Somebody else has changed this meanwhile. Open it again to see what is new.",
  412: "Somebody else has changed this meanwhile. Open it again to see what is new.",
  429: "Too many requests. Please wait a moment.",
};

interface Context {
  target?: Element;
  response?: { status: number };
  sourceElement?: Element;
}

const contextOf = (event: Event): Context => (event as CustomEvent).detail?.ctx ?? {};

/** Requests out of the dialog: whoever closes it before the answer has come does not want it open again. */
const fromDialog = new WeakSet<Context>();

export function listenToRequests(): void {
  document.addEventListener("htmx:before:request", (event) => {
    const context = contextOf(event);
    if (context.sourceElement?.closest("#dialog")) fromDialog.add(context);
  });
  document.addEventListener("htmx:after:swap", (event) => {
    const context = contextOf(event);
    const { target, sourceElement } = context;
    if (target?.id === "dialog-body" && !fromDialog.has(context)) openDialog();
    if (sourceElement?.closest("[data-choices]")) mark(sourceElement);
  });
  document.addEventListener("htmx:response:error", (event) => {
    const status = contextOf(event).response?.status ?? 500;
    // 422 brings its own messages, at the fields.
    if (status !== 422) toast(say(SAID[status] ?? "That did not work. Nothing was saved; please try again."), "danger");
  });
  document.addEventListener("htmx:error", (event) => {
    if (!contextOf(event).response) toast(say(SAID[0]!), "danger");
  });
  document.addEventListener("toast", (event) => {
    const { text, tone } = (event as CustomEvent<{ text: string; tone?: string }>).detail;
    toast(text, tone);
  });
}

function openDialog(): void {
  const dialog = document.getElementById("dialog") as HTMLDialogElement;
  if (!dialog.open) dialog.showModal();
}

/** In a list beside a pane, the chosen one is marked where it stands; the list keeps its scroll position. */
function mark(link: Element): void {
  link.closest("[data-choices]")!.querySelectorAll("[aria-current]").forEach((each) => each.removeAttribute("aria-current"));
  link.setAttribute("aria-current", "true");
  document.getElementById("pane-top")?.focus({ preventScroll: true });
}
