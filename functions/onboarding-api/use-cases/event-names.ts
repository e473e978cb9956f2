import type { EventNamesAnswer } from "../../../shared/api/event-names.schema.ts";
import { MANY_EVENT_NAMES, MAX_COUNTED_NAMES, MAX_EVENT_NAMES } from "../../../shared/core/event-names.ts";
import { assertStays, foundFeed, foundTenant } from "../../../shared/onboarding/change.ts";
import type { UseCase } from "../use-case.ts";

const WORKSPACE =
  "A workspace of mParticle takes 1,000 different names of events and screens, those of all its inputs together; " +
  "it drops the events of every further name, and answers as if it took them.";

const MEANINGS: Readonly<Record<EventNamesAnswer["state"], string>> = {
  fine: `${WORKSPACE} This feed alone has had fewer than ${MANY_EVENT_NAMES}.`,
  many:
    `${WORKSPACE} This feed comes near it. Look for names that hold ids or addresses, which a preview tells of as name_holds_id, ` +
    "and let a rule of the mapping give such events one name.",
  past_limit:
    `${WORKSPACE} This feed alone has had more, so that events are lost unless the customer's limit is a higher one. ` +
    "Look for names that hold ids or addresses, which a preview tells of as name_holds_id; names that mParticle has had stay counted " +
    "there, so that the customer has to ask mParticle for more.",
};

export const getEventNames: UseCase<"getEventNames"> = async ({ params }, deps) => {
  await foundFeed(params, deps);
  const count = await deps.eventNames.count(params);
  const state = stateOf(count);
  return {
    status: 200,
    body: {
      count,
      isComplete: count < MAX_COUNTED_NAMES,
      warningAt: MANY_EVENT_NAMES,
      limit: MAX_EVENT_NAMES,
      state,
      meaning: MEANINGS[state],
    },
  };
};

export const resetEventNames: UseCase<"resetEventNames"> = async ({ params, caller }, deps) => {
  assertStays(await foundTenant(params.tenantId, deps));
  await foundFeed(params, deps);
  const count = await deps.eventNames.count(params);
  if (count > 0) {
    await deps.audit.write({
      ...params,
      ...caller,
      action: "event_names_reset",
      details: { count: String(count) },
    });
    await deps.eventNames.reset(params);
  }
  return { status: 204, body: undefined };
};

function stateOf(count: number): EventNamesAnswer["state"] {
  if (count > MAX_EVENT_NAMES) return "past_limit";
  return count >= MANY_EVENT_NAMES ? "many" : "fine";
}
