import { createReadStream, readFileSync } from "node:fs";
import { checkBody } from "../../functions/onboarding-api/check-body.ts";
import { FeedSettingsSchema } from "../../shared/api/feed.schema.ts";
import { nearestName } from "../../shared/api/nearest-name.ts";
import { ConfigError } from "../../shared/core/config-error.ts";
import { CredentialsSchema, FeedSchema } from "../../shared/core/tenant.schema.ts";
import { parseCredentials, parseFeed, parseTenant } from "../../shared/core/validators.ts";
import { exampleMessages, exampleTenants } from "../examples/examples.ts";
import { linesOf } from "../feedctl/input/lines.ts";
import type { StoredTenant } from "../store-tenants.ts";
import type { StartOptions } from "./options.ts";
import { UsageError } from "./usage-error.ts";

export interface InputLine {
  /** From 1. */
  readonly number: number;
  readonly text: string;
}

/** The bodies to put on the queue, one a line; empty lines are none. @throws {UsageError} */
export async function* readMessages({
  input,
  watch,
  nowMs = Date.now(),
}: StartOptions): AsyncGenerator<InputLine> {
  if (input === undefined) {
    const examples = watch ? [] : exampleMessages(nowMs);
    yield* examples.map((text, i) => ({ number: i + 1, text }));
    return;
  }
  const source = input === "-" ? process.stdin : createReadStream(input);
  try {
    for await (const { number, text = "" } of linesOf(source.setEncoding("utf8"))) {
      const body = number === 1 ? text.replace(/^\uFEFF/, "") : text;
      if (body.trim() !== "") yield { number, text: body };
    }
  } catch (error) {
    throw unreadable("--input", input, error);
  }
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
    feeds: feeds.map((feed, i) => readFeed(feed, `${place}.feeds[${i}]`)),
  };
}

function readFeed(feed: unknown, place: string): StoredTenant["feeds"][number] {
  if (isObject(feed)) {
    assertKnown(feed, place);
    assertSettings(feed, place);
  }
  return at(place, () => ({
    // What is stored with its keys is ready to deliver.
    feed: parseFeed(isObject(feed) ? { status: "active", ...feed } : feed),
    credentials: parseCredentials(feed),
  }));
}

const FEED_KEYS: readonly string[] = Object.keys({ ...FeedSchema.shape, ...CredentialsSchema.shape });

/** What is stored may have more; in a file that somebody wrote, it is misspelt. @throws {UsageError} */
function assertKnown(feed: Readonly<Record<string, unknown>>, place: string): void {
  for (const key of Object.keys(feed)) {
    if (FEED_KEYS.includes(key)) continue;
    const nearest = nearestName(key, FEED_KEYS);
    const hint = nearest === undefined ? "" : `: did you mean ${nearest}?`;
    throw new UsageError(`${place}: ${JSON.stringify(key.slice(0, 64))} is no setting of a feed${hint}`);
  }
}

const SETTINGS: ReadonlySet<string> = new Set(Object.keys(FeedSettingsSchema.shape));

/** Says of settings what the API says. @throws {UsageError} */
function assertSettings(feed: Readonly<Record<string, unknown>>, place: string): void {
  const settings = Object.fromEntries(Object.entries(feed).filter(([key]) => SETTINGS.has(key)));
  const checked = checkBody(FeedSettingsSchema, settings);
  if (!("errors" in checked)) return;
  const told = checked.errors.map(({ pointer = "", message }) => `${pointer.slice(1)} ${message}`);
  // Names of fields are the file's own text, and the message is one line.
  throw new UsageError(`${place}: ${told.join("; ").replaceAll(/\p{Cc}/gu, " ")}`);
}

function at<Value>(place: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (error instanceof ConfigError) throw new UsageError(`${place}: ${error.message}`);
    throw error;
  }
}

function readFile(option: string, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw unreadable(option, file, error);
  }
}

function unreadable(option: string, file: string, error: unknown): UsageError {
  const code = error instanceof Error && "code" in error ? error.code : "unreadable";
  return new UsageError(`${option}: cannot read ${file} (${code})`);
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
