import { nameOf } from "../../shared/core/error-name.ts";
import { UnreadableRecordError } from "../../shared/core/onboarding/unreadable-record.ts";
import type { Log } from "../../shared/ports.ts";
import { withoutMessage } from "../../shared/runtime/without-message.ts";
import type { LinkIds } from "./ports.ts";

/** The log of one request: each of its lines names the request, and its link once that is found. Ids only, never the token. */
export class RequestLog {
  readonly #log: Log;
  #ids: Partial<LinkIds> & { readonly requestId: string };

  constructor(log: Log, requestId: string) {
    this.#log = log;
    this.#ids = { requestId };
  }

  /** What follows is about this link. */
  about({ tenantId, linkId }: LinkIds): void {
    this.#ids = { ...this.#ids, tenantId, linkId };
  }

  info(message: string, fields: Record<string, unknown>): void {
    this.#log.info(message, { ...this.#ids, ...fields });
  }

  /** Tells of an error where it happened and what kind it is; what it says may quote a key. */
  failed(message: string, error: unknown, fields: Record<string, unknown> = {}): void {
    const stack = withoutMessage(error).stack;
    const found = error instanceof UnreadableRecordError && { problem: error.message };
    this.#log.error(message, { ...this.#ids, ...fields, ...found, error: nameOf(error), stack });
  }
}
