// What somebody typed survives a crash: kept in this browser, offered when the same form is opened again.

const PREFIX = "draft:";
const LASTS = 14 * 24 * 3600 * 1000;

export interface Draft {
  at: number;
  entries: [string, string][];
}

const keyOf = (name: string): string => `${PREFIX}${document.body.dataset["user"] ?? ""}:${name}`;

/** Private windows and full disks refuse to store: a draft is a comfort, so that is not an error. */
export function keepDraft(name: string, entries: [string, string][]): void {
  try {
    localStorage.setItem(keyOf(name), JSON.stringify({ at: Date.now(), entries } satisfies Draft));
  } catch {
    /* not kept */
  }
}

export function readDraft(name: string): Draft | undefined {
  try {
    const draft = JSON.parse(localStorage.getItem(keyOf(name)) ?? "null") as Draft | null;
    return draft && Date.now() - draft.at < LASTS ? draft : undefined;
  } catch {
    return undefined;
  }
}

export function dropDraft(name: string): void {
  try {
    localStorage.removeItem(keyOf(name));
  } catch {
    /* nothing was kept */
  }
}

/** Signing out leaves nothing of anybody behind on a shared computer. */
export function forgetDrafts(): void {
  try {
    Object.keys(localStorage)
      .filter((key) => key.startsWith(PREFIX))
      .forEach((key) => localStorage.removeItem(key));
  } catch {
    /* nothing was kept */
  }
}
