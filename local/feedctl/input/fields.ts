/** The fields of a schema of settings, as `FIELD=VALUE` names them. */
import * as z from "zod";
import { UsageError } from "../../start/usage-error.ts";

/** A field that holds no further fields of its own. */
export interface SettableField {
  /** `mapping.preset` */
  readonly path: string;
  /** How a value of it is written. */
  readonly form: string;
  readonly description: string | undefined;
}

/** Schema without what only says whether a value may be left out. */
export function innerOf(schema: z.core.$ZodType): z.core.$ZodType {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  return "innerType" in def ? innerOf(def.innerType as z.core.$ZodType) : schema;
}

/** Every field that can be set, in the order of the schema. */
export function settableFields(schema: z.core.$ZodType, path: readonly string[] = []): SettableField[] {
  const inner = innerOf(schema);
  if (inner instanceof z.ZodObject && !isOpen(inner))
    return Object.entries(inner.shape).flatMap(([name, field]) =>
      settableFields(field as z.ZodType, [...path, name]),
    );
  const form = formOf(inner);
  return [
    {
      path: `${path.join(".")}${inner instanceof z.ZodRecord || isOpen(inner) ? ".NAME" : ""}`,
      form,
      description: (schema as z.ZodType).description,
    },
  ];
}

/** A field and its schema. Below a record every name is one, dots included. */
export function fieldAt(
  schema: z.core.$ZodType,
  name: string,
): { readonly path: readonly string[]; readonly schema: z.core.$ZodType } {
  const path: string[] = [];
  let at = innerOf(schema);
  let rest = name;
  while (rest !== "") {
    if (at instanceof z.ZodRecord) return { path: [...path, rest], schema: innerOf(at.def.valueType) };
    const [step = "", ...others] = rest.split(".");
    const field = at instanceof z.ZodObject && Object.hasOwn(at.shape, step) ? at.shape[step] : undefined;
    if (!field) throw new UsageError(`there is no field ${name}; --help lists those that there are`);
    path.push(step);
    rest = others.join(".");
    at = innerOf(field as z.ZodType);
  }
  return { path, schema: at };
}

/** Has many fields of one kind, whose names are mParticle's: they are not listed. */
function isOpen(schema: z.core.$ZodType): boolean {
  return schema instanceof z.ZodObject && "*" in schema.shape;
}

/** How a value is written: its choices, or in capitals what it is. */
export function formOf(schema: z.core.$ZodType): string {
  if (schema instanceof z.ZodEnum) return schema.options.join("|");
  if (schema instanceof z.ZodLiteral) return [...schema.values].join("|");
  if (schema instanceof z.ZodBoolean) return "true|false";
  if (schema instanceof z.ZodNumber) return "NUMBER";
  if (schema instanceof z.ZodLazy || isOpen(schema)) return "PLACE|JSON";
  if (schema instanceof z.ZodObject) return "JSON";
  if (schema instanceof z.ZodArray) return listed(innerOf(schema.def.element));
  return schema instanceof z.ZodRecord ? formOf(innerOf(schema.def.valueType)) : "TEXT";
}

function listed(element: z.core.$ZodType): string {
  if (element instanceof z.ZodEnum) return `${element.options.slice(0, 2).join(",")},…`;
  return formOf(element) === "TEXT" ? "TEXT,…" : "JSON";
}
