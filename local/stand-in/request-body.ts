import { isUtf8 } from "node:buffer";

/** A request's body, read once. */
export interface RequestBody {
  readonly bytes: number;
  readonly text: string;
  /** Undefined: not JSON in UTF-8. */
  readonly json: { readonly value: unknown } | undefined;
}

export function readBody(content: Buffer): RequestBody {
  const text = content.toString("utf8");
  return { bytes: content.length, text, json: isUtf8(content) ? parse(text) : undefined };
}

function parse(text: string): RequestBody["json"] {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
