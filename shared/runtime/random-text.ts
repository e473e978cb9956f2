import { randomBytes } from "node:crypto";

/** Text that nobody can guess, of so many random bytes: base64url. */
export function randomText(bytes: number): string {
  return randomBytes(bytes).toString("base64url");
}
