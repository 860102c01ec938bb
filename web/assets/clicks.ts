// What a click means, by data attribute; one listener for the page, so swapped content needs no wiring.

type Meaning = (element: HTMLElement, event: MouseEvent) => void;

const MEANINGS: Record<string, Meaning> = {
  "[data-theme-switch]": switchTheme,
  "dialog [data-close]": (element, event) => {
    event.preventDefault();
    element.closest("dialog")!.close();
  },
  "[data-hide]": (element) => document.getElementById(element.dataset["hide"]!)?.hidePopover(),
  "[data-phrase]": addPhrase,
  "[role=alert] a[href^='#']": goToField,
  "tr[data-href]": openRow,
};

export function listenToClicks(): void {
  document.addEventListener("click", (event) => {
    for (const [selector, run] of Object.entries(MEANINGS)) {
      const element = (event.target as Element).closest<HTMLElement>(selector);
      if (element) run(element, event);
    }
  });
}

function switchTheme(): void {
  const root = document.documentElement;
  const theme = root.dataset["bsTheme"] === "dark" ? "light" : "dark";
  root.dataset["theme"] = root.dataset["bsTheme"] = theme;
  // The server reads it, so that the next page comes in the right theme even without script.
  document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax`;
}

function addPhrase(button: HTMLElement): void {
  const field = document.getElementById(button.dataset["phrase"]!) as HTMLTextAreaElement;
  field.value = [field.value.trimEnd(), button.textContent ?? ""].filter(Boolean).join("，");
  field.focus();
}

/** The field may be folded away: in a closed object, or in a line that is closed on a phone. */
function goToField(link: HTMLElement, event: MouseEvent): void {
  const target = document.getElementById(decodeURIComponent(link.getAttribute("href")!.slice(1)));
  if (!target) return;
  event.preventDefault();
  target.closest("details")?.setAttribute("open", "");
  target.closest("[data-line]")?.classList.add("is-open");
  const focusable = target.matches("input, select, textarea, [tabindex]") ? target : target.querySelector<HTMLElement>("input:not([type=hidden]), select, textarea");
  (focusable ?? target).focus({ preventScroll: true });
  target.scrollIntoView({ block: "center" });
}

/** A click anywhere in a row opens it, unless somebody is selecting text or means a link inside. */
function openRow(row: HTMLElement, event: MouseEvent): void {
  if ((event.target as Element).closest("a, button, input, label") || String(getSelection())) return;
  const link = row.querySelector<HTMLAnchorElement>("a")!;
  if (event.ctrlKey || event.metaKey) open(link.href, "_blank", "noopener");
  else link.click();
}
