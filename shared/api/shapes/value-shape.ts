/** What a value of a feed's settings may give at its place, as far as a document shows it: for the check when it is stored. */
import { newFindings } from "../../core/convert/findings.ts";
import { currencyIn } from "../../core/convert/mapped-commerce.ts";
import { choice, type FieldReader } from "../../core/convert/mapped-fields.ts";
import { flag, integer, number, text } from "../../core/convert/reader.ts";
import { readInstant } from "../../core/convert/time.ts";
import type { Constant, Value } from "../../core/mapping/value.schema.ts";

export type Shape = Judged | typeof ANYTHING;

/** What a constant can be wrong for. */
export type Judged = Scalar | FieldsShape | ListShape;

/** As attributes are. */
export const ANYTHING = { kind: "anything" } as const;

/** A field of one value. */
export interface Scalar {
  readonly kind: "scalar";
  /** Reads on from the place. */
  readonly must: string;
  /** Reports the constants that it does not take, and gives nothing for them. */
  readonly reader: FieldReader;
  /** All that it may be. */
  readonly words?: readonly string[];
  /** The constant that a place surely stands for, where words do not tell; undefined: none. */
  readonly literal?: (place: string) => Constant | undefined;
  /** What each of has its own: a constant makes many one. */
  readonly tells?: "user" | "device" | "address" | "batch";
}

export interface FieldsShape {
  readonly kind: "fields";
  /** With its article: a product. */
  readonly called: string;
  /** Undefined: of any name. */
  readonly fields?: Readonly<Record<string, Shape>>;
  /** One of these at least; without, mParticle takes none of it. */
  readonly needs?: readonly string[];
}

export interface ListShape {
  readonly kind: "list";
  readonly of: FieldsShape;
}

/** Shapes by field. */
export type Shapes = Readonly<Record<string, Shape>>;

/** A value with what may stand there, and its place in the settings. */
export interface ValuePlace {
  readonly value: Value;
  readonly shape: Shape;
  readonly path: Path;
}

export type Path = readonly (string | number)[];

/** The same shape for several fields. */
export function each(names: readonly string[], shape: Shape): Shapes {
  return Object.fromEntries(names.map((name) => [name, shape]));
}

export function scalar(must: string, reader: FieldReader, rest: Partial<Scalar> = {}): Scalar {
  return { kind: "scalar", must, reader, ...rest };
}

export const TEXT = scalar("must be text", text);

export const texts = (...names: string[]) => each(names, TEXT);

const bareNumber = (place: string) => (/^-?\d+(?:\.\d+)?$/.test(place) ? Number(place) : undefined);

export const numbers = (...names: string[]) =>
  each(names, scalar("must be a number", number, { literal: bareNumber }));
export const integers = (...names: string[]) =>
  each(names, scalar("must be a whole number", integer, { literal: bareNumber }));

export const FLAG = scalar("must be true or false", flag, {
  literal: (place) => (place === "true" ? true : place === "false" ? false : undefined),
});

export const flags = (...names: string[]) => each(names, FLAG);

/** One of several texts. @param reader - Where more is taken for one of them. */
export function oneOf(words: readonly string[], reader: FieldReader = choice(words)): Scalar {
  return scalar(`must be one of ${words.join(", ")}`, reader, { words });
}

/** The latest that a date can be. */
const LATEST_MS = 8_640_000_000_000_000;

/** However late: it may come to pass. */
export const INSTANT = scalar("must be a time: ISO 8601, or epoch milliseconds since 2001", (fields, key) =>
  readInstant(fields.values[key], key, LATEST_MS, fields.findings),
);

/** Three capital letters alone may be a column's name. */
const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf("currency"));

export const CURRENCY = scalar("must be a currency's three letters, as EUR", currencyIn, {
  literal: (place) => (CURRENCIES.has(place) ? place : undefined),
});

/** What says nothing, as blank text does in most fields, is taken. */
export function isTaken(value: Constant, { reader }: Scalar): boolean {
  const findings = newFindings();
  const read = reader({ values: { value }, path: "", findings }, "value");
  return read !== undefined || (findings.list === undefined && findings.reason === undefined);
}

/** The values of some fields, where they are given. Text that is meant as it stands, as a rule's name is, passes for a place. */
export function placed(given: Readonly<Record<string, unknown>>, shapes: Shapes, path: Path): ValuePlace[] {
  return Object.entries(shapes).flatMap(([name, shape]) => {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    return value === undefined || value === null
      ? []
      : [{ value: value as Value, shape, path: [...path, name] }];
  });
}
