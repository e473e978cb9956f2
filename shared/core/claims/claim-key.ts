import { hash } from "node:crypto";

/** Bytes of a key: 72 bits, so that no two messages of a second are taken for one in the lifetime of any deployment. */
const KEY_BYTES = 9;

/**
 * Parts into which the claims on the messages of one second are divided: an item holds 400 kB, which is 40,000 claims. More parts
 * would be more writes for each invocation.
 */
const SHARDS = 4;

/**
 * A message's name in claims, one character for each byte. Of a hash, since nothing is promised of what SQS's message ids look
 * like.
 */
export function claimKey(messageId: string): string {
  return hash("sha256", messageId, "buffer").toString("latin1", 0, KEY_BYTES);
}

/**
 * Where the claims on a message lie: beside those on others that were sent in the same second, for what was sent together is
 * mostly received together, and one write claims all of it.
 *
 * @param sentAtMs - SQS's SentTimestamp: the same each time that the message is handed out.
 */
export function claimPlace(key: string, sentAtMs: number): string {
  return `${Math.floor(sentAtMs / 1000)}#${key.charCodeAt(0) % SHARDS}`;
}

/** Keys as they are stored: their bytes one after the other. */
export function packKeys(keys: readonly string[]): Uint8Array {
  return Buffer.from(keys.join(""), "latin1");
}

export function unpackKeys(packed: Uint8Array): string[] {
  return Array.from({ length: packed.length / KEY_BYTES }, (_, i) => keyAt(packed, i * KEY_BYTES));
}

function keyAt(packed: Uint8Array, offset: number): string {
  return String.fromCharCode(...packed.subarray(offset, offset + KEY_BYTES));
}

/** Looks for some keys among packed ones: up to a hundred thousand in an invocation, of which hardly any is to be found. */
export class KeySearch {
  readonly #keys: ReadonlySet<string>;
  /** Their first three bytes as numbers, which tells nearly all others apart without making a string of each. */
  readonly #heads: ReadonlySet<number>;

  constructor(keys: readonly string[]) {
    this.#keys = new Set(keys);
    this.#heads = new Set(keys.map((key) => headAt(packKeys([key]), 0)));
  }

  /** Those of the keys that are among the packed ones. */
  foundIn(packed: Uint8Array): string[] {
    const found: string[] = [];
    for (let offset = 0; offset < packed.length; offset += KEY_BYTES) {
      if (!this.#heads.has(headAt(packed, offset))) continue;
      const key = keyAt(packed, offset);
      if (this.#keys.has(key)) found.push(key);
    }
    return found;
  }
}

function headAt(bytes: Uint8Array, offset: number): number {
  const [first = 0, second = 0, third = 0] = [bytes[offset], bytes[offset + 1], bytes[offset + 2]];
  return first | (second << 8) | (third << 16);
}
