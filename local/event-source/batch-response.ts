/** What Lambda makes of a function's answer when its event source mapping reports batch item failures. */
export type BatchVerdict =
  /** Message ids that go back to the queue; the others are deleted. */
  | { readonly kind: "settled"; readonly failed: ReadonlySet<string> }
  /** The answer cannot be trusted, so the whole batch goes back. */
  | { readonly kind: "invalid" };

const INVALID: BatchVerdict = { kind: "invalid" };

/**
 * Judges a function's answer as Lambda does.
 *
 * @param response - As returned; nothing, `{}` and a missing, null or empty list say that all went well.
 * @param messageIds - Of the records that the function was given; naming any other makes the answer invalid.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 */
export function judgeBatchResponse(response: unknown, messageIds: ReadonlySet<string>): BatchVerdict {
  if (response !== undefined && response !== null && !isObject(response)) return INVALID;
  const failures = response?.["batchItemFailures"] ?? [];
  if (!Array.isArray(failures)) return INVALID;
  const failed = new Set<string>();
  for (const failure of failures) {
    const id = isObject(failure) ? failure["itemIdentifier"] : undefined;
    if (typeof id !== "string" || !messageIds.has(id)) return INVALID;
    failed.add(id);
  }
  return { kind: "settled", failed };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
