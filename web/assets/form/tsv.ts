// What spreadsheets put on the clipboard: cells between tabs, rows between line breaks, quotes where a cell has either.

/** Rows of cells; a last line break adds no row. */
export function parseTsv(text: string): string[][] {
  const rows: string[][] = [[]];
  const pattern = /(?:"((?:[^"]|"")*)"|([^\t\n]*))(\t|\n|$)/y;
  const source = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  while (pattern.lastIndex <= source.length) {
    const found = pattern.exec(source);
    if (!found) {
      // A quote that never ends is an ordinary character.
      return source.split("\n").map((row) => row.split("\t"));
    }
    rows.at(-1)!.push(found[1] === undefined ? found[2]! : found[1].replaceAll('""', '"'));
    if (found[3] === "") break;
    if (found[3] === "\n") rows.push([]);
  }
  return rows;
}

/** Whether a pasted text is more than one cell. */
export const isTable = (text: string): boolean => /[\t\n]/.test(text.replace(/\r\n?/g, "\n").replace(/\n$/, ""));
