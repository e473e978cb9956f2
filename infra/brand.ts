import { readFileSync } from "node:fs";
import { dirname, extname, resolve } from "node:path";
import { type Brand, BrandSchema, MAX_LOGO_LENGTH } from "../functions/connect-page/brand.schema.ts";
import { ConfigError } from "../shared/core/config-error.ts";

/** What the connect page looks like where nobody says. */
export const DEFAULT_BRAND: Brand = BrandSchema.parse({ name: "Partner" });

const IMAGE_TYPES: Readonly<Record<string, string>> = {
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".webp": "image/webp",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
};

/**
 * Reads what the connect page looks like from a JSON file. A logo that is the name of a file beside it is put into the page.
 *
 * @throws {ConfigError} naming the field.
 */
export function readBrand(path: string): Brand {
  const file: unknown = JSON.parse(readFileSync(path, "utf8"));
  const given = file !== null && typeof file === "object" ? { ...file } : {};
  const logo = "logo" in given && typeof given.logo === "string" ? inlined(given.logo, path) : undefined;
  const { data, error } = BrandSchema.safeParse({ ...given, ...(logo !== undefined && { logo }) });
  if (data) return data;
  const [issue] = error.issues;
  throw new ConfigError(`brand: ${issue?.path.join(".") ?? ""}`, issue?.message ?? "is invalid");
}

function inlined(logo: string, brandPath: string): string {
  if (/^(?:https:|data:)/.test(logo)) return logo;
  const type = IMAGE_TYPES[extname(logo).toLowerCase()];
  if (!type) throw new ConfigError("brand: logo", `must be one of ${Object.keys(IMAGE_TYPES).join(", ")}`);
  const address = `data:${type};base64,${readFileSync(resolve(dirname(brandPath), logo)).toString("base64")}`;
  if (address.length > MAX_LOGO_LENGTH)
    throw new ConfigError(
      "brand: logo",
      `is too large for a function's settings (${address.length} characters in base64, at most ${MAX_LOGO_LENGTH}): give its https address`,
    );
  return address;
}
