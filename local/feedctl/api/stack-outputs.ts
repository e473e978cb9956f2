import * as z from "zod";
import { UsageError } from "../../start/usage-error.ts";
import { readFile } from "../input/read-file.ts";

/** The output of the service stack that has the API's address. */
const OUTPUT = "OnboardingApiUrl";

const OutputsSchema = z.record(z.string(), z.record(z.string(), z.string()));

/**
 * The API's address in a file of stack outputs, as `cdk deploy --outputs-file` writes it.
 *
 * @throws {UsageError} where there is none, or more than one.
 */
export function urlInOutputs(file: string): string {
  const urls = Object.values(outputsIn(file)).flatMap((outputs) => outputs[OUTPUT] ?? []);
  const [url, ...others] = urls;
  if (url === undefined) throw new UsageError(`${file} has no output ${OUTPUT}`);
  if (others.length > 0) throw new UsageError(`${file} has ${urls.length} outputs ${OUTPUT}: say --url`);
  return url;
}

/** The ingest queue's address there; undefined: it is not told, or more than once. */
export function queueUrlInOutputs(file: string): string | undefined {
  const [url, ...others] = Object.values(outputsIn(file)).flatMap((outputs) => outputs["QueueUrl"] ?? []);
  return others.length > 0 ? undefined : url;
}

function outputsIn(file: string): z.output<typeof OutputsSchema> {
  try {
    return OutputsSchema.parse(JSON.parse(readFile(file)));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${file} is not what cdk deploy --outputs-file writes`);
  }
}
