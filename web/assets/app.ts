// What every page needs: htmx, theme, dialog, menus, messages. Islands are custom elements and wake up by themselves.
import htmx from "htmx.org";

import "./inputs/date-input.ts";
import "./inputs/decision-table.ts";
import "./inputs/look-up.ts";
import { listenToClicks } from "./clicks.ts";
import { csrfToken } from "./dom.ts";
import { forgetDrafts } from "./form/draft.ts";
import { placePopovers } from "./popovers.ts";
import { listenToRequests } from "./requests.ts";
import { settleServerToasts } from "./toast.ts";

// An input method types pinyin letters first: searches must not see them. One event follows when the words stand.
addEventListener("input", (event) => (event as InputEvent).isComposing && event.stopImmediatePropagation(), true);
addEventListener("compositionend", (event) => event.target?.dispatchEvent(new InputEvent("input", { bubbles: true })), true);

document.addEventListener("htmx:config:request", (event) => {
  (event as CustomEvent).detail.ctx.request.headers["X-CSRFToken"] = csrfToken();
});

document.addEventListener("submit", (event) => {
  if ((event.target as Element).matches("[data-logout]")) forgetDrafts();
});

listenToClicks();
listenToRequests();
placePopovers();
settleServerToasts();
document.documentElement.classList.add("has-script");
// Refused forms name the element to go to; `autofocus` works only when a page loads.
document.addEventListener("htmx:after:settle", () => document.querySelector<HTMLElement>("[role=alert][autofocus]")?.focus());

export { htmx };
