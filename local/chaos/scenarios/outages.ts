import type { Scenario } from "../scenario.ts";
import { BUSY_TENANT } from "../traffic.ts";
import type { World } from "../world.ts";

/**
 * A minute is three seconds: a feed that was found dead is probed after seconds, later after minutes, and nobody wants to wait
 * for that.
 */
const FAST = { timeScale: 20, env: { BACKOFF_BASE_SECONDS: "5", BACKOFF_MAX_SECONDS: "60" } };

/** mParticle fails this way for a minute, from the twentieth second of a hundred. */
const minute = (spec: string, tenantId?: string) => async (world: World) => {
  await world.until(20);
  world.mparticle(spec, tenantId);
  await world.until(80);
  world.mparticle("", tenantId);
};

/** The same in real time, where how long answers take is what it is about. */
const seconds = (spec: string, tenantId?: string) => async (world: World) => {
  await world.until(1);
  world.mparticle(spec, tenantId);
  await world.until(4);
  world.mparticle("", tenantId);
};

export const outages: readonly Scenario[] = [
  {
    name: "outage-30-minutes",
    about: "30 minutes of 503 for everyone (virtual time)",
    surroundings: { timeScale: 120, env: { BACKOFF_BASE_SECONDS: "5", BACKOFF_MAX_SECONDS: "900" } },
    async disturb(world) {
      await world.until(60);
      world.mparticle("503:1");
      await world.until(60 + 30 * 60);
      world.mparticle("");
    },
  },
  {
    name: "reset-before-write",
    about: "six in ten connections are reset before mParticle takes the request, for a minute (virtual time)",
    surroundings: FAST,
    disturb: minute("reset-before:0.6"),
  },
  {
    name: "reset-after-write",
    about: "six in ten connections are reset after mParticle took the request, for a minute (virtual time)",
    surroundings: FAST,
    disturb: minute("reset-after:0.6"),
  },
  {
    name: "error-after-write",
    about: "six in ten requests are taken and answered with a 500 or 503, for a minute (virtual time)",
    surroundings: FAST,
    disturb: minute("500-after:0.3,503-after:0.3"),
  },
  {
    name: "timeouts",
    about: "three in ten requests are never answered, half of those were taken, for a minute (virtual time)",
    surroundings: FAST,
    disturb: minute("timeout:0.3"),
  },
  {
    name: "slow-answers",
    about: "the busy tenant's requests take 300 to 600 ms",
    sparesQuietTenants: true,
    disturb: seconds("latency:300-600", BUSY_TENANT),
  },
  {
    name: "dead-feed",
    about: "the busy tenant's requests are never answered for a minute (virtual time)",
    sparesQuietTenants: true,
    surroundings: FAST,
    disturb: minute("timeout-before:1", BUSY_TENANT),
  },
  {
    name: "silent-drop",
    about: "a tenth of all requests are answered 202 and dropped",
    disturb: seconds("drop:0.1"),
    allows: {
      dropped:
        "no sender can see that, so the connector counts them as delivered; none were dropped by mParticle's own rules",
    },
  },
];
