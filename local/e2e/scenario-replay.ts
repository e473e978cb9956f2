import type { TenantEntry } from "../examples/examples.ts";
import { expectedEndings } from "../examples/expected-endings.ts";
import { type World, waitUntilSettled } from "./world.ts";

/** What ops does about rejected events: sees what there is, and has it tried again. Nothing was mended, so it is rejected again. */
export async function replayScenario(world: World, { tenantId }: TenantEntry): Promise<void> {
  const { connector, checks } = world;
  const range = {
    from: new Date(Date.now() - 3_600_000).toISOString(),
    to: new Date(Date.now() + 3_600_000).toISOString(),
  };
  const params = { tenantId };
  const list = async () => (await connector.onboarding.listRejected({ params, query: range })).body.counts;
  const rejected = expectedEndings.byTenant["acme-mail"].rejected;

  const before = await list();
  const replayed = await connector.onboarding.replayRejected({ params, body: range });
  await waitUntilSettled(world);
  const after = await list();

  checks.equal(
    "rejected events are listed by their reason",
    before.map(({ code, events }) => ({ code, events })),
    [{ code: "identity_missing", events: rejected }],
  );
  checks.equal("replaying puts them back on the queue", replayed.body, { events: rejected, failures: 0 });
  checks.equal(
    "what is not mended is rejected again, once",
    after.reduce((sum, { events }) => sum + events, 0),
    rejected,
  );
}
