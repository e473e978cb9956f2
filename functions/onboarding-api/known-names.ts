import type { z } from "zod";

/** The names that an object at a place of what a schema checks may have; of all alternatives that may stand there. */
export function knownNames(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  const names = schemasAt(schema, path).flatMap(({ _zod: { def } }) =>
    def.type === "object" ? Object.keys(def.shape) : [],
  );
  return [...new Set(names)];
}

function schemasAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): z.core.$ZodTypes[] {
  const alternatives = alternativesOf(schema as z.core.$ZodTypes);
  const [step, ...rest] = path;
  if (step === undefined) return alternatives;
  return alternatives.flatMap((one) => {
    const inner = innerOf(one, step);
    return inner ? schemasAt(inner, rest) : [];
  });
}

function alternativesOf(schema: z.core.$ZodTypes): z.core.$ZodTypes[] {
  const { def } = schema._zod;
  if (def.type === "union") return def.options.flatMap((one) => alternativesOf(one as z.core.$ZodTypes));
  if (def.type === "lazy") return alternativesOf(def.getter() as z.core.$ZodTypes);
  return "innerType" in def ? alternativesOf(def.innerType as z.core.$ZodTypes) : [schema];
}

function innerOf({ _zod: { def } }: z.core.$ZodTypes, step: PropertyKey): z.core.$ZodType | undefined {
  switch (def.type) {
    case "object":
      return Object.hasOwn(def.shape, step) ? def.shape[String(step)] : undefined;
    case "record":
      return def.valueType;
    case "array":
      return typeof step === "number" ? def.element : undefined;
    case "tuple":
      return typeof step === "number" ? def.items[step] : undefined;
    default:
      return undefined;
  }
}
