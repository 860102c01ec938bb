// The few things that every script does with elements.

/** An element with attributes and children; `true` sets an attribute without value, `false` leaves it out. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | number | boolean> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children);
  return element;
}

/** An icon of the sprite; the build finds its name here. */
export function icon(name: string): SVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  // Any icon on the page tells where the sprite is.
  const sprite = document.querySelector("svg.icon use")?.getAttribute("href")?.split("#")[0] ?? "";
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

/** Tells screen readers what happened, without moving the focus. */
export function announce(sentence: string): void {
  const region = document.getElementById("announcements") ?? document.body.appendChild(make("div", { id: "announcements", role: "status", class: "visually-hidden" }));
  region.textContent = "";
  // A changed text is read out; the same text set twice is not.
  setTimeout(() => (region.textContent = sentence));
}

/** Whether a key belongs to an input method that is still composing. */
export const isComposing = (event: KeyboardEvent): boolean => event.isComposing || event.keyCode === 229;

export const csrfToken = (): string => document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
