import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { ConfigError } from "../core/config-error.ts";
import { nameOf } from "../core/error-name.ts";
import { UnreadableRecordError } from "../core/onboarding/unreadable-record.ts";

/**
 * The record in an item.
 *
 * @param what - As a sentence names it.
 * @param advice - For whom it cannot be read.
 * @throws {UnreadableRecordError} where the table holds what no such record can be.
 */
export function readable<Kept>(
  item: Record<string, AttributeValue>,
  parse: (value: unknown) => Kept,
  what: string,
  advice: string,
): Kept {
  try {
    return parse(unmarshall(item));
  } catch (error) {
    const problem = error instanceof ConfigError ? error.message : nameOf(error);
    throw new UnreadableRecordError(what, problem, advice);
  }
}
