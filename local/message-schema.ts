/**
 * Prints the message contract as JSON Schema 2020-12 on standard output, for partners who publish from another language.
 * `npm run --silent message-schema > message.schema.json`
 */
import * as z from "zod";
import { PublishedMessageSchema } from "../shared/core/message.schema.ts";

const schema = z.toJSONSchema(PublishedMessageSchema, {
  target: "draft-2020-12",
  io: "input",
  override: ({ jsonSchema }) => {
    // The keys of a JSON object are always strings.
    delete jsonSchema.propertyNames;
  },
});

process.stdout.write(`${JSON.stringify(schema, null, 2)}\n`);
