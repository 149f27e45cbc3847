//! A list of staff from a file: its text, and pieces of it that are sent one after the other.

/** So many people in a piece: the bar moves, and no answer takes long. */
const PIECE = 20;

/** A part of the list under the same line of columns' names. */
export type Piece = {
  csv: string;
  /** How many lines of the file stand before it, less those of the names. */
  before: number;
};

/** The text of a file in UTF-8 or Shift_JIS; nothing where it is neither. */
export function textOf(bytes: ArrayBuffer): string | undefined {
  for (const encoding of ["utf-8", "shift_jis"]) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch {
      // The next one.
    }
  }
  return undefined;
}

/** The list in pieces; a cell in quotes may hold line ends. */
export function pieces(text: string): Piece[] {
  const [head, ...rest] = records(text);
  if (head === undefined) return [{ csv: "", before: 0 }];
  const all: Piece[] = [];
  let lines = 0;
  for (let from = 0; from === 0 || from < rest.length; from += PIECE) {
    const part = rest.slice(from, from + PIECE).join("");
    all.push({ csv: head + part, before: lines });
    lines += part.split("\n").length - 1;
  }
  return all;
}

function records(text: string): string[] {
  const found: string[] = [];
  let begins = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') isQuoted = !isQuoted;
    if (text[at] === "\n" && !isQuoted) {
      found.push(text.slice(begins, at + 1));
      begins = at + 1;
    }
  }
  if (begins < text.length) found.push(text.slice(begins));
  return found;
}
