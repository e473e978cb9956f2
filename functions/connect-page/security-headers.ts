import type { Brand } from "./brand.schema.ts";
import type { PageAssets } from "./page-assets.ts";

/**
 * Headers of every answer. The browser runs this one script and this one style and nothing else, loads nothing but the logo, sends the
 * form to nobody else, shows the page in no frame, keeps no copy, and tells no other site where it was: the address is a secret.
 */
export function securityHeaders(
  { logo }: Brand,
  { styleHash, scriptHash }: PageAssets,
): Readonly<Record<string, string>> {
  // A policy names paths without their query.
  const images =
    logo === undefined || logo.startsWith("data:") ? "data:" : `data: ${logo.replace(/[?#].*/, "")}`;
  const policy = [
    "default-src 'none'",
    `style-src ${styleHash}`,
    `script-src ${scriptHash}`,
    `img-src ${images}`,
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
  ];
  return {
    "cache-control": "no-store",
    "content-security-policy": policy.join("; "),
    "content-type": "text/html; charset=utf-8",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "referrer-policy": "no-referrer",
    "strict-transport-security": "max-age=63072000",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-robots-tag": "noindex, nofollow",
  };
}
