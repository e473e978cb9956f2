import { randomUUID } from "node:crypto";
import { GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SECRET_PREFIX } from "../../../local/connector.ts";
import { DynamoLedger } from "../../../shared/aws/ledger-store.ts";
import { S3ParkedEvents } from "../../../shared/aws/parked-events.ts";
import { systemClock } from "../../../shared/runtime/clock.ts";
import {
  type OnboardingWorld,
  startOnboardingWorld,
  TOKEN,
} from "../../functions/onboarding-api/onboarding-world.ts";
import { spoil } from "../../functions/onboarding-api/spoil.ts";
import { feedctl } from "./feedctl-process.ts";

/** The real API, from the gateway down to embedded AWS, and mParticle's stand-in. */
let world: OnboardingWorld;
beforeAll(async () => {
  world = await startOnboardingWorld();
});
afterAll(() => world.close());

const run = (command: string, input = "") =>
  feedctl(command.split(" "), { env: { FEEDCTL_URL: world.gateway.url, FEEDCTL_TOKEN: TOKEN }, input });
const json = async (command: string) => JSON.parse((await run(`${command} --json`)).stdout);

const KEYS = { apiKey: "key-of-acme", apiSecret: "secret-of-acme" };
const OTHER_KEYS = { apiKey: "other-key-of-acme", apiSecret: "other-secret-of-acme" };
const put = (keys: object, feed = "acme ios") => run(`credentials put ${feed}`, JSON.stringify(keys));

test("takes a customer from nothing to production, and keeps the keys to itself", async () => {
  const said: string[] = [];
  const step = async (command: string, exit: number, input = "") => {
    const { code, stdout, stderr } = await run(command, input);
    said.push(stdout, stderr);
    expect({ command, code, stderr: code === exit ? "" : stderr }).toEqual({
      command,
      code: exit,
      stderr: "",
    });
    return stdout + stderr;
  };

  await step("tenants create acme blockedEvents=page", 0);
  await step("tenants create acme", 5);
  await step("feeds create acme ios platforms=iOS", 0);
  await step("feeds verify acme ios", 5);
  await step("feeds go-live acme ios --yes", 5);
  expect(await step("credentials put acme ios", 1, JSON.stringify(KEYS))).toContain(
    "in mParticle  Setup > Inputs > Feeds\n",
  );
  world.standIn.putFeed({ ...KEYS, kind: "partner" });
  expect(await step("credentials put acme ios", 0, `${KEYS.apiKey}\n${KEYS.apiSecret}\n`)).toMatch(
    /^test +accepted$/m,
  );
  await step("feeds verify acme ios", 0);
  expect(await step("feeds go-live acme ios --yes", 0)).toMatch(/^environment +production$/m);
  expect(await step("audit acme", 0)).toMatch(/feed_went_live +ios +local/);
  await step("feeds set acme ios mapping.unmapped=drop", 0);

  expect(await json("feeds show acme ios")).toMatchObject({
    status: "active",
    environment: "production",
    platforms: ["iOS"],
    mapping: { unmapped: "drop" },
  });
  const { SecretString = "" } = await world.clients.secretsManager.send(
    new GetSecretValueCommand({ SecretId: `${SECRET_PREFIX}/acme/ios` }),
  );
  expect(JSON.parse(SecretString)).toEqual(KEYS);
  expect(said.join("")).not.toMatch(/(key|secret)-of-acme/);
});

test("says beside the answer what is remarked on a feed's settings", async () => {
  const fields = "mapping.allowUserAttributes=plan mapping.denyUserAttributes=plan";
  const remark =
    "remark: mapping.allowUserAttributes leaves no attribute to send: mapping.denyUserAttributes denies all of it\n";

  const created = await run(`feeds create acme web ${fields} --json`);
  const changed = await run("feeds set acme web platforms=iOS --json");
  const shown = await run("feeds show acme web");
  const mapping = await run("mappings show acme web 1");

  expect(created.stderr).toBe(remark);
  expect(JSON.parse(created.stdout)).toMatchObject({ remarks: [{ code: "nothing_allowed" }] });
  expect(changed.stderr).toContain(remark);
  expect(shown.stderr).toBe(remark);
  expect(mapping.stderr).toBe(remark);
  expect(JSON.parse(mapping.stdout)).not.toHaveProperty("remarks");
  await run("feeds delete acme web --yes");
});

test("rotates keys, and tells of those that are kept", async () => {
  world.standIn.putFeed({ ...OTHER_KEYS, kind: "partner" });

  const { code, stdout } = await put(OTHER_KEYS);

  expect(code).toBe(0);
  expect(stdout).toMatch(/^previous keys +[0-9a-f]{16}, stored /m);
});

test.each([
  [{ apiKey: "", apiSecret: "x" }, "API key"],
  [{ apiKey: "same-key-for-both", apiSecret: "same-key-for-both" }, "API secret"],
  [{ apiKey: ' "quoted-key" ', apiSecret: "a-good-secret" }, "API key"],
])("names the field of keys that cannot be right: %# %s", async (keys, field) => {
  const { code, stderr } = await put(keys);

  expect(code).toBe(1);
  expect(stderr).toMatch(new RegExp(`^feedctl: The ${field} `));
});

test("gives out a link, lists it without what opens it, and revokes it", async () => {
  const link = await json("links create acme --feed ios --hours 1");

  const { links } = await json("links list acme");
  expect(links).toMatchObject([{ linkId: link.linkId, status: "open", feedIds: ["ios"] }]);
  expect(JSON.stringify(links)).not.toContain(link.token);
  expect((await run(`links revoke acme ${link.linkId} --yes`)).code).toBe(0);
  expect((await json("links list acme")).links[0].status).toBe("revoked");
});

test("previews events with a stored feed, and with settings that are not stored", async () => {
  const events = [
    {
      type: "track",
      messageId: "m-1",
      userId: "u",
      event: "Order Completed",
      timestamp: "2026-11-24T03:00:00Z",
    },
    { type: "page", messageId: "m-2", userId: "u", name: "Home", timestamp: "2026-11-24T03:00:01Z" },
    { type: "unheard-of", messageId: "m-3" },
  ];
  const input = events.map((event) => JSON.stringify(event)).join("\n");

  const stored = await run("preview - --tenant acme --feed ios --sent-at 2026-11-24T04", input);
  const free = await run(
    "preview - --set mapping.attributePrefix=x_ --sent-at 2026-11-24T04 --batches",
    input,
  );

  expect(stored.code).toBe(7);
  expect(stored.stdout).toMatch(
    /^ +2 +m-2 +filtered .* blocked: The tenant's list of blocked events has its name or its type\.$/m,
  );
  expect(stored.stdout).toMatch(
    /^3 events: 1 delivered, 1 filtered, 1 rejected; 1 live and 0 historical batches\./m,
  );
  expect(free.stdout).toMatch(/^3 events: 2 delivered, 0 filtered, 1 rejected/m);
  expect(free.stdout).toContain('"source_message_id": "m-1"');
});

test("asks for ledger, rejected and held events of a tenant that has none", async () => {
  expect(await run("ledger acme")).toMatchObject({ code: 0, stdout: "no events\n" });
  expect(await run("rejected acme")).toMatchObject({ code: 0, stdout: "no rejected events\n" });
  expect(await run("held acme")).toMatchObject({ code: 0, stdout: "no held events\n" });
  expect(await run("replay acme --from 24h")).toMatchObject({
    code: 0,
    stdout: "Back on the queue: 0 events\n",
  });
  expect((await run("ledger nobody")).code).toBe(4);
  expect((await run("ledger acme --from 30d")).stderr).toMatch(/^feedctl: to /);
});

test("counts, accounts for and replays rejected events, and never shows one", async () => {
  const HOUR = "2026-11-20T03";
  const clock = { ...systemClock, nowMs: () => Date.parse(`${HOUR}:00:00Z`) };
  const { clients, state, log } = world;
  const parked = new S3ParkedEvents({
    client: clients.s3,
    bucketName: state.bucketName,
    clock,
    uniqueId: randomUUID,
  });
  const event = { type: "track", event: "PRIVATE-NAME", userId: "PRIVATE-PERSON", messageId: "m" };
  const reasons = [{ code: "event_invalid" }];
  const where = { content: { event }, hours: { [HOUR]: 1 }, sentAtMs: clock.nowMs(), events: 1 };
  await parked.write({
    ending: "rejected",
    tenantId: "acme",
    feedId: "ios",
    lane: "live",
    events: [0, 1].map((index) => ({ sqsMessageId: "sqs-1", index, reasons, ...where })),
  });
  const table = { client: clients.dynamodb, tableName: state.tableName, clock, log };
  await new DynamoLedger({ ...table, writerId: "test" }).add([
    { tenantId: "acme", feedId: "ios", hour: HOUR, first: 5, delivered: 3, rejected: 2 },
  ]);

  const rejected = await run("rejected acme --from 2026-11-20 --to 2026-11-21");
  const ledger = await run("ledger acme --from 2026-11-20 --to 2026-11-21");
  const replay = await run("replay acme --from 2026-11-20 --to 2026-11-21 --code event_invalid");

  expect(rejected.stdout).toBe(
    `hour           feed  code           events  some message ids\n${HOUR}  ios   event_invalid       2  sqs-1\n2 rejected events\n`,
  );
  expect(ledger.stdout).toMatch(new RegExp(`^${HOUR} +ios +5 +3 +0 +2 +0 +0 +0 +yes$`, "m"));
  expect(ledger.stdout).toMatch(/It adds up: every event is in one place\.\n$/);
  expect(replay.stdout).toBe("Back on the queue: 2 events\n");
  expect((await run("rejected acme --from 2026-11-20 --to 2026-11-21")).stdout).toBe("no rejected events\n");
  expect(JSON.stringify([rejected, ledger, replay])).not.toContain("PRIVATE");
});

test("sets a feed anew that cannot be read, where asked to replace it", async () => {
  const web = { tenantId: "acme", feedId: "web" };
  await run("feeds create acme web platforms=web mapping.unmapped=drop");
  await spoil(world, web, "historicalAfterDays", { N: "60" });
  const set = "feeds set acme web mapping.nullTraits=delete";

  const refused = await run(set);
  const unasked = await run(`${set} --replace`);
  const replaced = await run(`${set} --replace --yes --json`);

  expect(refused.code).toBe(5);
  expect(refused.stderr).toMatch(
    /^feedctl: What is stored of the feed web cannot be read: historicalAfterDays .*\. Set it anew by feeds set --replace, or delete it\. \(request/,
  );
  expect(unasked.code).toBe(2);
  expect(unasked.stderr).toContain("Replace all settings of the feed web of acme");
  expect(replaced.code).toBe(0);
  const feed = JSON.parse(replaced.stdout);
  expect(feed).toMatchObject({
    status: "pending",
    environment: "development",
    platforms: [],
    historicalAfterDays: 30,
    mapping: { nullTraits: "delete" },
    mappingVersion: 2,
  });
  expect(feed.mapping).not.toHaveProperty("unmapped");
  expect(await json("feeds show acme web")).toEqual(feed);
  await run("feeds delete acme web --yes");
});

test("does not make a feed of a mistyped id where asked to replace one", async () => {
  const { code, stderr } = await run("feeds set acme wbe platforms=web --replace --yes");

  expect(code).toBe(5);
  expect(stderr).toMatch(/^feedctl: It does not exist\. /);
  expect((await run("feeds show acme wbe")).code).toBe(4);
});

test("deletes a feed that cannot be read", async () => {
  await run("feeds create acme web");
  await spoil(world, { tenantId: "acme", feedId: "web" }, "credentials", { S: "nonsense" });

  const unasked = await run("feeds delete acme web");
  const deleted = await run("feeds delete acme web --yes");

  expect(unasked.stderr).toContain("Delete the unreadable feed web of acme, and its keys?");
  expect(deleted).toMatchObject({ code: 0, stdout: "acme/web is deleted\n" });
  expect((await run("feeds show acme web")).code).toBe(4);
});

test("promises no such cure of a tenant that cannot be read", async () => {
  const feed = { tenantId: "umbra", feedId: "web" };
  await run("tenants create umbra");
  await spoil(world, feed, "blockedEvents", { S: "nonsense" }, "profile");

  const { code, stderr } = await run("feeds set umbra web platforms=web");

  expect(code).toBe(5);
  expect(stderr).toContain("What is stored of the tenant umbra cannot be read");
  expect(stderr).not.toContain("--replace");
});

test("pauses, resumes, deletes and restores", async () => {
  expect(await json("feeds pause acme ios")).toMatchObject({ status: "paused" });
  expect(await json("feeds resume acme ios")).toMatchObject({ status: "active" });
  expect(await json("tenants pause acme")).toMatchObject({ status: "paused" });
  expect(await json("tenants resume acme")).toMatchObject({ status: "active" });
  await run("feeds create acme web");
  expect(await json("feeds delete acme web --yes")).toEqual({
    tenantId: "acme",
    feedId: "web",
    deleted: true,
  });
  expect((await run("feeds show acme web")).code).toBe(4);
  expect(await json("tenants delete acme --yes")).toMatchObject({ status: "deleting" });
  expect((await run("tenants pause acme")).code).toBe(5);
  expect((await run("tenants show acme")).stdout).toMatch(/^delete after +\d{4}-\d{2}-\d{2} /m);
  expect(await json("tenants restore acme")).toMatchObject({ status: "active" });
});
