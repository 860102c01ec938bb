// Puts a small menu beside the button that opened it, inside the window.

export function placePopovers(): void {
  document.addEventListener("toggle", (event) => (event as ToggleEvent).newState === "open" && place(event.target as HTMLElement), true);
  // A menu that htmx has answered has done its work.
  document.addEventListener("htmx:before:request", (event) => (event.target as Element).closest<HTMLElement>(".popover-menu")?.hidePopover());
}

function place(menu: HTMLElement): void {
  if (!menu.matches(".popover-menu")) return;
  const button = document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
  if (button) placeAt(menu, button);
}

/** Under the anchor where there is room, else above it. */
export function placeAt(menu: HTMLElement, anchor: Element): void {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const below = at.bottom + 4 + height <= innerHeight;
  menu.style.top = `${below ? at.bottom + 4 : Math.max(8, at.top - 4 - height)}px`;
  menu.style.left = `${Math.max(8, Math.min(at.right - width, innerWidth - width - 8))}px`;
  menu.style.right = "auto";
}
