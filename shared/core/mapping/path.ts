import { MappingError } from "./mapping-error.ts";

/** A place as its steps: own properties by name, list elements by number. */
export interface Path {
  /** Begins at the event, wherever it stands; else at the element of the loop around it. */
  readonly fromEvent: boolean;
  readonly steps: readonly (string | number)[];
}

/** Names that reach what an object inherits. Only own properties are ever read; a document that asks for more is a mistake or an attack. */
const FORBIDDEN: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** A position in a list, where it is written as a name. */
const POSITION = /^\d{1,6}$/;

const MAX_PATH_LENGTH = 512;
const MAX_STEPS = 16;

/** A name, a list position, or a name in quotes where it holds dots or brackets. */
const STEP = /(?:^|(?<!^)\.)([^.[\]"*(){}]+)|\[(\d{1,6})\]|\["((?:[^"\\]|\\.)+)"\]/y;

/**
 * Reads `properties.products[0].name`, `context["a.b"]`, `$.userId` or `this`.
 *
 * @param place - Of the path in its document.
 * @throws {MappingError}
 */
export function parsePath(text: string, place: string): Path {
  if (text === "this") return { fromEvent: false, steps: [] };
  if (text === "" || text.length > MAX_PATH_LENGTH)
    throw new MappingError(place, `must be a place of 1 to ${MAX_PATH_LENGTH} characters`);
  const fromEvent = text.startsWith("$.") || text.startsWith("$[");
  const rest = fromEvent ? text.slice(text[1] === "." ? 2 : 1) : text;
  const steps: (string | number)[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < rest.length) {
    const match = STEP.exec(rest);
    if (!match)
      throw new MappingError(
        place,
        "must be a place such as properties.total or properties.products[0].name",
      );
    const [, name, index, quoted] = match;
    const step = index === undefined ? (name ?? unquoted(quoted ?? "", place)) : Number(index);
    if (typeof step === "string") assertName(step, place);
    steps.push(step);
  }
  if (steps.length > MAX_STEPS) throw new MappingError(place, `must not have more than ${MAX_STEPS} steps`);
  return { fromEvent, steps };
}

/** The place of a named field: in quotes where the name itself would read as a place, or as none. */
export function fieldPlace(place: string, name: string): string {
  if (name === "" || /[.[\]"]/.test(name)) return `${place}[${JSON.stringify(name)}]`;
  return place === "" ? name : `${place}.${name}`;
}

/** Refuses blank names, and those by which an object's inheritance is reached. @throws {MappingError} */
export function assertName(name: string, place: string): void {
  if (name.trim() === "") throw new MappingError(place, "must have a name");
  if (FORBIDDEN.has(name)) throw new MappingError(place, `must not use the name ${name}`);
}

function unquoted(text: string, place: string): string {
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    throw new MappingError(place, "must quote names as JSON does");
  }
}

/** What stands at a place; undefined: nothing. Nothing inherited is ever read. */
export function read(root: unknown, steps: readonly (string | number)[]): unknown {
  let value = root;
  for (const step of steps) {
    if (typeof value !== "object" || value === null || !leadsInto(step, value)) return undefined;
    if (!Object.hasOwn(value, step)) return undefined;
    value = (value as Readonly<Record<string | number, unknown>>)[step];
  }
  return value;
}

/** Lists have positions, which walkerOS writes as names (`items.0.id`), and objects have names. */
export function leadsInto(step: string | number, value: object): boolean {
  if (Array.isArray(value)) return typeof step === "number" || POSITION.test(step);
  return typeof step === "string";
}
