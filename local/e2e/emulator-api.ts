/**
 * Calls of AWS services for which this project has no client. The emulator tells services apart by what a request is
 * signed for, and checks no signature.
 */

/** Invokes a function and waits for its answer. @throws when the function does. */
export async function invokeFunction(
  endpoint: string,
  functionName: string,
  payload: object,
): Promise<unknown> {
  const url = `${endpoint}/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`;
  const response = await fetch(url, {
    method: "POST",
    headers: signedFor("lambda"),
    body: JSON.stringify(payload),
  });
  const text = await response.text();
  if (!response.ok || response.headers.has("x-amz-function-error"))
    throw new Error(`${functionName} failed: ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}

export interface BusEvent {
  readonly source: string;
  readonly detailType: string;
  readonly detail: object;
}

/** Puts an event on the account's default event bus. */
export async function putEvent(endpoint: string, { source, detailType, detail }: BusEvent): Promise<void> {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: {
      ...signedFor("events"),
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "AWSEvents.PutEvents",
    },
    body: JSON.stringify({
      Entries: [{ Source: source, DetailType: detailType, Detail: JSON.stringify(detail) }],
    }),
  });
  const text = await response.text();
  if (!response.ok || JSON.parse(text).FailedEntryCount !== 0)
    throw new Error(`The event bus did not take an event: ${text}`);
}

function signedFor(service: string): { authorization: string } {
  return {
    authorization: `AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=none`,
  };
}
