/** One request that the stand-in received, and how it answered. */
export interface RequestLine {
  /** Epoch milliseconds on the stand-in's clock. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  /** 0: none was sent, because the connection was reset or left hanging. */
  readonly status: number;
  /** Undefined: no registered feed's key was given. */
  readonly apiKey: string | undefined;
  readonly bytes: number;
  /** The parsed body; undefined when it is not JSON. Integers over 53 bits have lost digits: see `rawBody`. */
  readonly body: unknown;
  readonly rawBody: string;
}

/**
 * A request as one line of NDJSON, without the line feed. The body is written as it came rather than parsed and
 * written again, so that 64-bit integers keep their digits; one that is not JSON is written as a JSON string.
 */
export function formatRequestLine({ body, rawBody, ...line }: RequestLine): string {
  // JSON has line breaks between its tokens only, where a space does as well.
  const json = body === undefined ? JSON.stringify(rawBody) : rawBody.replace(/[\r\n]+/g, " ");
  return `${JSON.stringify(line).slice(0, -1)},"body":${json}}`;
}
