import { IP_ADDRESS } from "../ip-address.ts";
import { fieldPath, note } from "./findings.ts";
import { type Fields, reportInvalid, text } from "./reader.ts";

/** Addresses that no consumer's device has on the internet: unspecified, private, loopback, link-local, broadcast. */
const PRIVATE_IPV4 = /^(?:0|10|127|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01])|255\.255\.255\.255$)(?:\.|$)/;
const PRIVATE_IPV6 = /^(?:::1?$|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:)/i;
const MAPPED_IPV4 = /^::ffff:(?=\d+\.)/i;

/** The address of the user's device, where it says something about the user. */
export function publicIp(fields: Fields, key: string): string | undefined {
  const address = text(fields, key);
  if (address === undefined) return undefined;
  if (!IP_ADDRESS.test(address)) return reportInvalid(fields, key, "an IP address");
  const isPrivate = address.includes(":")
    ? PRIVATE_IPV6.test(address) || PRIVATE_IPV4.test(address.replace(MAPPED_IPV4, ""))
    : PRIVATE_IPV4.test(address);
  if (!isPrivate) return address;
  note(fields.findings, "ip_private", fieldPath(fields.path, key));
  return undefined;
}
