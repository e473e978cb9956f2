/** Requests and answers of the page, as far as it needs them. */
import type { Html } from "./html.ts";
import type { Visitor } from "./ports.ts";

export interface PageRequest {
  readonly method: string;
  /** As it came, not decoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case; repeated ones joined with commas. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
  readonly visitor: Visitor;
}

export interface PageAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Html;
  /** Key pairs that could not be stored for a fault of ours, which the next page tells. @default 0 */
  readonly failures?: number;
}
