import { expect, it } from "vitest";
import { tend } from "../../../functions/onboarding-upkeep/tend.ts";
import type { UpkeepDeps } from "../../../functions/onboarding-upkeep/upkeep.ts";
import type { TenantRecord } from "../../../shared/core/onboarding/record.schema.ts";
import type { PageRequest } from "../../../shared/ports-onboarding.ts";
import { NOW_MS } from "../../support/builders.ts";
import { capturedLog } from "../../support/captured-log.ts";

/** Tenants without feeds, two to a page, and a place that is kept from run to run. */
function upkeepWorld(...tenantIds: readonly string[]) {
  const tenants = tenantIds.map(
    (tenantId): TenantRecord => ({ tenantId, status: "active", blockedEvents: [] }),
  );
  const tended: string[] = [];
  let place: string | undefined;
  const deps = {
    registry: {
      async tenants({ after = "" }: PageRequest) {
        const left = tenants.filter(({ tenantId }) => tenantId > after);
        const entries = left.slice(0, 2).filter(({ tenantId }) => !tenantId.startsWith("bad"));
        const unreadable = left
          .slice(0, 2)
          .flatMap(({ tenantId }) => (tenantId.startsWith("bad") ? tenantId : []));
        const next = left[1]?.tenantId;
        return {
          entries,
          unreadable: new Map(unreadable.map((id) => [id, "odd"])),
          ...(left.length > 2 && next !== undefined && { next }),
        };
      },
      storedTenant: async () => ({}),
      /** A removal that hangs. */
      saveTenant: () => new Promise(() => {}),
      async feeds(tenantId: string) {
        tended.push(tenantId);
        return { entries: [], unreadable: new Map() };
      },
    },
    place: {
      read: async () => place,
      save: async (tenantId: string) => {
        place = tenantId;
      },
    },
    clock: { nowMs: () => NOW_MS },
    randomText: () => "revision",
    log: capturedLog(),
  } as unknown as UpkeepDeps;
  return {
    /** Ends its grace period. */
    end(ended: string) {
      const deletion = { deleteAfter: new Date(0).toISOString(), statusBefore: "active" } as const;
      const index = tenants.findIndex(({ tenantId }) => tenantId === ended);
      tenants.splice(index, 1, { tenantId: ended, status: "active", blockedEvents: [], deletion });
    },
    remove: (gone: string) =>
      tenants.splice(
        tenants.findIndex(({ tenantId }) => tenantId === gone),
        1,
      ),
    /** One run, which has time for so many tenants. @returns whom it looked at. */
    async run(turns = Number.POSITIVE_INFINITY) {
      tended.length = 0;
      const report = await tend(() => (tended.length < turns ? 300_000 : 0), deps);
      return { tended: tended.join(" "), isCutShort: report.isCutShort, failures: report.failures };
    },
  };
}

it("goes on behind the tenant with which the latest run stopped, and comes round to all", async () => {
  const { run } = upkeepWorld("a", "b", "c", "d", "e");

  const runs = [await run(2), await run(2), await run(2), await run(2)];

  expect(runs.map(({ tended }) => tended)).toEqual(["a b", "c d", "e a", "b c"]);
  expect(runs.every(({ isCutShort }) => isCutShort)).toBe(true);
});

it("looks at each tenant once where there is time, wherever it begins", async () => {
  const { run } = upkeepWorld("a", "b", "c", "d", "e");
  await run(3);

  expect(await run()).toMatchObject({ tended: "d e a b c", isCutShort: false });
});

it("goes on where it stopped though that tenant is gone", async () => {
  const { run, remove } = upkeepWorld("a", "b", "c", "d");
  await run(2);
  remove("b");

  expect(await run()).toMatchObject({ tended: "c d a", isCutShort: false });
});

it("is cut short where it has to stop with the last tenant, which may not be done", async () => {
  const { run } = upkeepWorld("a", "b");

  expect(await run(2)).toMatchObject({ tended: "a b", isCutShort: true });
});

it("keeps its place where it has no time at all", async () => {
  const { run } = upkeepWorld("a", "b", "c");
  await run(1);

  expect(await run(0)).toMatchObject({ tended: "", isCutShort: true });
  expect(await run(1)).toMatchObject({ tended: "b" });
});

it("does not begin with a tenant again whose removal it did not survive", async () => {
  const { run, end } = upkeepWorld("a", "b", "c");
  end("b");
  /** Nobody hears of a run that is killed: what it did stays. */
  void run();
  await new Promise(setImmediate);

  expect(await run(1)).toMatchObject({ tended: "c" });
});

it("counts a tenant that cannot be read once, wherever it begins", async () => {
  const { run } = upkeepWorld("a", "bad", "c", "d");
  expect(await run(2)).toMatchObject({ tended: "a c", failures: 1 });

  expect(await run()).toMatchObject({ tended: "d a c", failures: 1 });
});
