import { createHash, createHmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Authentication } from "./onboarding-client.ts";

/** Access keys as the AWS SDK gives them, or what gets them. */
export type AwsCredentials = ConstructorParameters<typeof SignatureV4>[0]["credentials"];

/** By a bearer token: a JWT of the deployment's issuer, or the token of a local run. */
export function withToken(token: string): Authentication {
  return async () => ({ authorization: `Bearer ${token}` });
}

/** By AWS Signature Version 4. */
export function withSignature({
  region,
  credentials,
}: {
  readonly region: string;
  readonly credentials: AwsCredentials;
}): Authentication {
  const signer = new SignatureV4({ service: "execute-api", region, credentials, sha256: Sha256 });
  return async ({ method, url, headers, body }) => {
    const signed = await signer.sign({
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      ...(url.port !== "" && { port: Number(url.port) }),
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { ...headers, host: url.host },
      body,
    });
    // fetch sets the host itself, and refuses to be told.
    const { host: _, ...added } = signed.headers;
    return added;
  };
}

/** SHA-256 of node:crypto, as the signer asks for it. */
class Sha256 {
  readonly #hash: ReturnType<typeof createHash> | ReturnType<typeof createHmac>;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", bytesOf(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Buffer {
  if (typeof data === "string") return Buffer.from(data, "utf8");
  return ArrayBuffer.isView(data)
    ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    : Buffer.from(data);
}
