import type { Scenario, Surroundings } from "../scenario.ts";
import { BUSY_TENANT } from "../traffic.ts";

const LATE_TENANT = "onboarded-late";

/** Twenty times as fast, so that what the connector remembers of tenants for half a minute is soon old. */
const FAST: Partial<Surroundings> = {
  timeScale: 20,
  env: { BACKOFF_BASE_SECONDS: "5", BACKOFF_MAX_SECONDS: "60" },
};

export const credentials: readonly Scenario[] = [
  {
    name: "refused-key",
    about: "mParticle refuses the busy tenant's key for 40 seconds, then a new one is stored (virtual time)",
    surroundings: FAST,
    sparesQuietTenants: true,
    async disturb(world) {
      await world.until(20);
      world.acceptSecret(BUSY_TENANT, "issued later");
      await world.until(60);
      await world.storeSecret(BUSY_TENANT, "issued later");
    },
  },
  {
    name: "rotated-secret",
    about: "a new secret is stored, and a moment later mParticle refuses the old one",
    sparesQuietTenants: true,
    async disturb(world) {
      for (const round of [1, 2, 3]) {
        await world.until(round * 1.2);
        await world.storeSecret(BUSY_TENANT, `secret ${round}`);
        world.acceptSecret(BUSY_TENANT, `secret ${round}`);
      }
    },
  },
  {
    name: "paused-tenant",
    about: "the busy tenant is paused for 40 seconds (virtual time)",
    surroundings: FAST,
    sparesQuietTenants: true,
    async disturb(world) {
      await world.until(10);
      await world.setTenantStatus(BUSY_TENANT, "paused");
      await world.until(50);
      await world.setTenantStatus(BUSY_TENANT, "active");
    },
  },
  {
    name: "unknown-tenant",
    about: "events of a tenant that is onboarded only a minute later (virtual time)",
    surroundings: FAST,
    sparesQuietTenants: true,
    async disturb(world) {
      for (let i = 0; i < 40; i++) {
        await world.until(2 * i);
        const event = { type: "track", messageId: `late-${i}`, userId: "u", event: "Signed Up" };
        await world.publish(LATE_TENANT, [{ id: event.messageId, expected: "delivered", event }]);
      }
      await world.onboard(LATE_TENANT);
    },
  },
];
