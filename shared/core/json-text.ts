/**
 * The text of a value within JSON text, as it stands there. What nests too deep for `JSON.stringify`, though not for
 * `JSON.parse`, can be cut out in this way and put elsewhere.
 *
 * @param json - Valid JSON.
 * @param path - From the outermost value inwards: names of fields, positions in lists. Of two fields with one name the last
 *   counts, as it does for `JSON.parse`.
 * @returns undefined: there is no such value.
 */
export function jsonTextAt(json: string, path: readonly (string | number)[]): string | undefined {
  let start: number | undefined = spaceEnd(json, 0);
  for (const step of path) {
    start = typeof step === "number" ? entryAt(json, start, step) : fieldAt(json, start, step);
    if (start === undefined) return undefined;
  }
  return json.slice(start, valueEnd(json, start));
}

/** Where the value of a field begins. */
function fieldAt(json: string, object: number, name: string): number | undefined {
  if (json[object] !== "{") return undefined;
  let found: number | undefined;
  let at = spaceEnd(json, object + 1);
  while (json[at] === '"') {
    const nameEnd = textEnd(json, at);
    const value = spaceEnd(json, spaceEnd(json, nameEnd) + 1);
    if (JSON.parse(json.slice(at, nameEnd)) === name) found = value;
    at = nextAt(json, value);
  }
  return found;
}

/** Where an entry of a list begins. */
function entryAt(json: string, list: number, position: number): number | undefined {
  if (json[list] !== "[") return undefined;
  let at = spaceEnd(json, list + 1);
  for (let passed = 0; at < json.length && json[at] !== "]"; passed++) {
    if (passed === position) return at;
    at = nextAt(json, at);
  }
  return undefined;
}

/** Past a value and the comma after it. */
function nextAt(json: string, value: number): number {
  const at = spaceEnd(json, valueEnd(json, value));
  return json[at] === "," ? spaceEnd(json, at + 1) : at;
}

function valueEnd(json: string, start: number): number {
  let depth = 0;
  for (let at = start; at < json.length; at++) {
    switch (json[at]) {
      case '"':
        at = textEnd(json, at) - 1;
        break;
      case "{":
      case "[":
        depth++;
        break;
      case "}":
      case "]":
        // The end of what a number or a word stands in.
        if (depth === 0) return at;
        depth--;
        break;
      default:
        if (depth > 0 || !/[\s,]/.test(json[at] ?? "")) continue;
        return at;
    }
    if (depth === 0) return at + 1;
  }
  return json.length;
}

function textEnd(json: string, start: number): number {
  for (let at = start + 1; at < json.length; at++) {
    if (json[at] === "\\") at++;
    else if (json[at] === '"') return at + 1;
  }
  return json.length;
}

function spaceEnd(json: string, start: number): number {
  let at = start;
  while (/\s/.test(json[at] ?? "")) at++;
  return at;
}
