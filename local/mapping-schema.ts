/**
 * Prints the mapping document as JSON Schema 2020-12 on standard output, for editors.
 * `npm run --silent mapping-schema > mapping.schema.json`
 */
import * as z from "zod";
import { MappingSchema } from "../shared/core/mapping/mapping.schema.ts";

const schema = z.toJSONSchema(MappingSchema, {
  target: "draft-2020-12",
  io: "input",
  override: ({ jsonSchema }) => {
    // The keys of a JSON object are always strings.
    delete jsonSchema.propertyNames;
    // OpenAPI's word for one of the draft's examples.
    const { example } = jsonSchema;
    delete jsonSchema["example"];
    if (example !== undefined) jsonSchema.examples = [example as string];
  },
});

process.stdout.write(
  `${JSON.stringify({ title: "Mapping of a partner feed, version 1", ...schema }, null, 2)}\n`,
);
