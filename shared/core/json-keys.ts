/** A string of JSON text, or one of the characters that objects and lists are made of. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g;

/**
 * Whether any object of JSON text has a name twice. `JSON.parse` takes the last one, others the first.
 *
 * @param json - Valid JSON.
 */
export function hasDuplicateKey(json: string): boolean {
  /** Of each object that is open, its names so far; undefined: a list. */
  const open: (Set<string> | undefined)[] = [];
  let text: string | undefined;
  for (const [token] of json.matchAll(TOKEN)) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(undefined);
    else if (token === "}" || token === "]") open.pop();
    else if (token === ":") {
      const names = open.at(-1);
      const name = JSON.parse(text ?? '""');
      if (names?.has(name)) return true;
      names?.add(name);
    } else if (token !== ",") text = token;
  }
  return false;
}
