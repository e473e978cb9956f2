import { gunzipSync } from "node:zlib";

/** Ways in which a secret may lie somewhere. */
export function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret, "utf8");
  const json = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    json,
    JSON.stringify(json).slice(1, -1),
    encodeURIComponent(secret),
    encodeURIComponent(encodeURIComponent(secret)),
    new URLSearchParams({ s: secret }).toString().slice(2),
    secret.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;"),
    bytes.toString("hex"),
    ...base64FormsOf(bytes),
  ].map((form) => form.toLowerCase());
}

/** In base64 a text looks different by where it begins in what is encoded; its ends mix with what surrounds it, and are left out. */
function base64FormsOf(bytes: Buffer): string[] {
  const forms = [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    return text.slice(offset === 0 ? 0 : 4, -4);
  });
  return [...forms, ...forms.map((form) => form.replaceAll("+", "-").replaceAll("/", "_"))];
}

/** Where a secret is found, in whatever form. @param places - Texts by what they are. */
export function findSecret(secret: string, places: ReadonlyMap<string, string>): string[] {
  const forms = formsOf(secret);
  return [...places].flatMap(([place, text]) => {
    const lower = text.toLowerCase();
    return forms.some((form) => lower.includes(form)) ? [place] : [];
  });
}

/** What was sent or stored, as text, and what it is compressed from. */
export function readable(bytes: Uint8Array): string {
  const isZipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return Buffer.from(isZipped ? gunzipSync(bytes) : bytes).toString("utf8");
}
