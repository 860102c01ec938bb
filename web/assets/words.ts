// Every sentence comes from the page, which Flask-Babel has translated; the English one is its key.

let catalogue: Record<string, string> | undefined;

/** The sentence in the page's language, with its `{placeholders}` filled. */
export function say(sentence: string, values: Record<string, string | number> = {}): string {
  catalogue ??= Object.assign({}, ...[...document.querySelectorAll("#words, #form-words")].map((each) => JSON.parse(each.textContent ?? "{}")));
  return (catalogue![sentence] ?? sentence).replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
