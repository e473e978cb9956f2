import { readFileSync } from "node:fs";
import { checkBody } from "../../functions/onboarding-api/check-body.ts";
import type { FieldError } from "../../shared/api/problem.schema.ts";
import { formatErrors } from "../../shared/core/onboarding/credential-format.ts";
import { parseCredentials, parseFeed, parseTenant } from "../../shared/core/validators.ts";
import { exampleTenants } from "../examples/examples.ts";
import { readJson } from "../feedctl/input/read-json.ts";
import type { StoredTenant } from "../store-tenants.ts";
import type { StartOptions } from "./options.ts";
import { type TenantsFile, TenantsFileSchema } from "./tenants-file.schema.ts";
import { unreadable } from "./unreadable.ts";
import { UsageError } from "./usage-error.ts";

/**
 * The tenants of `--tenants`, or those of the examples. What is wrong is told in the words of the API.
 *
 * @throws {UsageError} naming the places that are wrong, never a value.
 */
export function readTenants({ tenants: file }: Pick<StartOptions, "tenants">): StoredTenant[] {
  const name = `--tenants: ${file ?? "the examples"}`;
  const entries = file === undefined ? exampleTenants() : readJson(textOf(file), name, `${name} is not JSON`);
  if (!Array.isArray(entries)) throw new UsageError(`${name} must hold a JSON array of tenants`);
  const checked = checkBody(TenantsFileSchema, entries);
  const errors = "errors" in checked ? checked.errors : keyErrors(entries as TenantsFile);
  // Names of fields are the file's own text, and the message is one line.
  if (errors.length > 0) throw new UsageError(`${name} ${toldOf(errors).replaceAll(/\p{Cc}/gu, " ")}`);
  const tenants = (entries as TenantsFile).map(({ feeds, ...tenant }) => ({
    tenant: parseTenant(tenant),
    feeds: feeds.map((feed) => ({
      // What is stored with its keys is ready to deliver.
      feed: parseFeed({ status: "active", ...feed }),
      credentials: parseCredentials(feed),
    })),
  }));
  assertOnce(tenants, name);
  return tenants;
}

function keyErrors(tenants: TenantsFile): FieldError[] {
  return tenants.flatMap(({ feeds }, tenant) =>
    feeds.flatMap((feed, i) =>
      formatErrors(feed).map((error) => ({ ...error, pointer: `/${tenant}/feeds/${i}` })),
    ),
  );
}

/** `[0].feeds[1]: mapping/unmapped must be …; pod must be …; [1]: feeds is required` */
function toldOf(errors: readonly FieldError[]): string {
  let last: string | undefined;
  return errors
    .map(({ pointer = "", message }) => {
      const [, tenant = "", feed, field = ""] = /^\/(\d+)(?:\/feeds\/(\d+))?\/?(.*)$/s.exec(pointer) ?? [];
      const place = `[${tenant}]${feed === undefined ? "" : `.feeds[${feed}]`}`;
      const said = `${field} ${message}`.trim();
      const told = place === last ? said : `${place}: ${said}`;
      last = place;
      return told;
    })
    .join("; ");
}

function assertOnce(tenants: readonly StoredTenant[], name: string): void {
  const ids = tenants.flatMap(({ tenant, feeds }) =>
    feeds.map(({ feed }) => `${tenant.tenantId}/${feed.feedId}`),
  );
  const twice = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twice !== undefined) throw new UsageError(`${name} holds the feed ${twice} twice`);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    throw unreadable("--tenants", file, error);
  }
}
