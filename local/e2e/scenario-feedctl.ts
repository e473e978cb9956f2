import { once } from "node:events";
import { text } from "node:stream/consumers";
import { exampleTenants } from "../examples/examples.ts";
import { PROJECT } from "./paths.ts";
import { startGroup } from "./process-group.ts";
import type { World } from "./world.ts";

/** By which feedctl signs. Nobody else does, so that the audit trail tells whose request came through. */
const ACCESS_KEY = "FEEDCTLOFOPS";

/** What ops does from a command line, each command a process of its own that signs with the credentials of its environment. */
export async function feedctlScenario({ connector, checks }: World): Promise<void> {
  const tenantIds = exampleTenants().map(({ tenantId }) => tenantId);
  const [tenantId = ""] = tenantIds;
  const feedctl = (args: readonly string[], input = "") => run(args, input, connector.onboardingUrl);
  const event = { type: "track", messageId: "previewed", userId: "user", event: "Points Earned" };

  const listed = await feedctl(["tenants", "list", "--json"]);
  const ids: string[] = JSON.parse(listed.stdout).tenants.map((each: { tenantId: string }) => each.tenantId);
  checks.equal(
    "feedctl lists the tenants",
    [listed.code, tenantIds.filter((id) => !ids.includes(id))],
    [0, []],
  );

  const ledger = await feedctl(["ledger", tenantId, "--from", "30d", "--to", "now", "--json"]);
  checks.equal("the API gives feedctl no more than a week of the ledger", ledger.code, 1);
  const week = await feedctl(["ledger", tenantId, "--from", "6d", "--json"]);
  const { total } = JSON.parse(week.stdout);
  checks.equal("feedctl shows a ledger that adds up", [week.code, total.addsUp], [0, true]);
  checks.equal("with what was delivered", total.delivered > 0, true);

  const preview = ["preview", "-", "--tenant", tenantId, "--json"];
  const good = await feedctl(preview, JSON.stringify(event));
  const [previewed] = JSON.parse(good.stdout).events;
  checks.equal(
    "feedctl previews an event",
    [good.code, previewed.ending, previewed.messageId],
    [0, "delivered", "previewed"],
  );
  const bad = await feedctl(preview, JSON.stringify({ ...event, type: "nonsense" }));
  checks.equal("and says by its exit code that one would be rejected", bad.code, 7);

  const none = await feedctl(["tenants", "show", "nobody-of-e2e"]);
  checks.equal("feedctl tells that a tenant is not there", [none.code, none.stdout], [4, ""]);
  const created = await feedctl(["tenants", "create", "e2e-feedctl"]);
  const { body } = await connector.onboarding.listAudit({ params: { tenantId: "e2e-feedctl" } });
  checks.equal(
    "feedctl creates a tenant, and the audit trail names who signed",
    [created.code, body.entries.map(({ action, by }) => [action, by])],
    [0, [["tenant_created", `unverified:${ACCESS_KEY}`]]],
  );
}

async function run(args: readonly string[], input: string, url: string) {
  const { child } = startGroup(process.execPath, ["local/feedctl/feedctl.js", ...args], {
    cwd: PROJECT,
    env: {
      // Nobody's own settings.
      HOME: "/nonexistent",
      FEEDCTL_URL: url,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: ACCESS_KEY,
      AWS_SECRET_ACCESS_KEY: "signed-with-this",
    },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const { stdin, stdout, stderr } = child;
  if (!stdin || !stdout || !stderr) throw new Error("feedctl has no pipes");
  stdin.on("error", () => {});
  stdin.end(input);
  const [out, , [code]] = await Promise.all([text(stdout), text(stderr), once(child, "close")]);
  return { code: code as number | null, stdout: out };
}
