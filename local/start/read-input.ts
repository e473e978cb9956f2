import { readFileSync } from "node:fs";
import { ConfigError } from "../../shared/core/config-error.ts";
import { CredentialsSchema, FeedSchema } from "../../shared/core/tenant.schema.ts";
import { parseCredentials, parseFeed, parseTenant } from "../../shared/core/validators.ts";
import { exampleMessages, exampleTenants } from "../examples/examples.ts";
import type { StoredTenant } from "../store-tenants.ts";
import type { StartOptions } from "./options.ts";
import { UsageError } from "./usage-error.ts";

/** The bodies to put on the queue, one a line; empty lines are none. */
export function readMessages({ input, watch, nowMs = Date.now() }: StartOptions): string[] {
  if (input === undefined) return watch ? [] : exampleMessages(nowMs);
  return readFile("--input", input === "-" ? 0 : input)
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "");
}

/** @throws {UsageError} for a file that cannot be read, naming the place that is wrong, never its value. */
export function readTenants({ tenants: file }: StartOptions): StoredTenant[] {
  const entries: unknown =
    file === undefined ? exampleTenants() : parseJson(file, readFile("--tenants", file));
  if (!Array.isArray(entries)) throw new UsageError(`--tenants: ${file} must hold a JSON array of tenants`);
  const tenants = entries.map((entry, i) => readTenant(entry, `--tenants: ${file} [${i}]`));
  const ids = tenants.flatMap(({ tenant, feeds }) =>
    feeds.map(({ feed }) => `${tenant.tenantId}/${feed.feedId}`),
  );
  const twice = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twice !== undefined) throw new UsageError(`--tenants: ${file} holds the feed ${twice} twice`);
  return tenants;
}

function readTenant(entry: unknown, place: string): StoredTenant {
  const feeds = isObject(entry) ? entry["feeds"] : undefined;
  if (!Array.isArray(feeds)) throw new UsageError(`${place}: feeds is required and must be an array`);
  const tenant = at(place, () => parseTenant(entry));
  return {
    tenant,
    feeds: feeds.map((feed, i) =>
      at(`${place}.feeds[${i}]`, () => {
        if (isObject(feed)) assertKnown(feed);
        return {
          // What is stored with its keys is ready to deliver.
          feed: parseFeed(isObject(feed) ? { status: "active", ...feed } : feed),
          credentials: parseCredentials(feed),
        };
      }),
    ),
  };
}

const FEED_KEYS: ReadonlySet<string> = new Set(
  Object.keys({ ...FeedSchema.shape, ...CredentialsSchema.shape }),
);

/** What is stored may have more; in a file that somebody wrote, it is misspelt. @throws {ConfigError} */
function assertKnown(feed: Readonly<Record<string, unknown>>): void {
  for (const key of Object.keys(feed))
    if (!FEED_KEYS.has(key))
      throw new ConfigError(JSON.stringify(key.slice(0, 64)), "is no setting of a feed");
}

function at<Value>(place: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (error instanceof ConfigError) throw new UsageError(`${place}: ${error.message}`);
    throw error;
  }
}

function readFile(option: string, file: string | number): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "unreadable";
    throw new UsageError(`${option}: cannot read ${file} (${code})`);
  }
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    // The parser's message would quote the text, which holds keys.
    throw new UsageError(`--tenants: ${file} is not JSON`);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
