/**
 * Makes JSON text fit for an SQS message: escapes U+FFFE and U+FFFF, which SQS refuses and `JSON.stringify` leaves as they
 * are. All else that SQS refuses, control characters and lone surrogates, `JSON.stringify` has escaped already.
 *
 * @param json - In JSON text the two can only stand inside a string or a name, so the value stays the same.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
 */
export function queueText(json: string): string {
  return json.replace(/[\uFFFE\uFFFF]/g, (character) => (character === "\uFFFE" ? "\\ufffe" : "\\uffff"));
}
