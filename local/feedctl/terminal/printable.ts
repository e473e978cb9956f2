/**
 * Characters by which text could move the cursor, recolour the screen or reorder the line: control characters, and those of bidirectional
 * text. Ids of messages and names of events come from others.
 */
const UNSAFE = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Text that can do nothing to a terminal but be read. */
export function printable(text: string): string {
  return text.replace(UNSAFE, escaped);
}

/** A JSON document, two spaces deep, that can do nothing to a terminal either, and is the same document. */
export function printableJson(document: unknown): string {
  return JSON.stringify(document, null, 2).replace(UNSAFE, (character) =>
    character === "\n" ? "\n" : escaped(character),
  );
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
