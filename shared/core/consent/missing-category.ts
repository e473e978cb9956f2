import { isObject } from "../convert/reader.ts";
import { read } from "../mapping/path.ts";
import type { PartnerEvent } from "../message.schema.ts";
import type { ConsentPlan } from "./consent-plan.ts";

/**
 * The first required category that an event does not carry as true, in its preferences or, of a batch, in its own gdpr consent
 * state; undefined: it has them all.
 */
export function missingCategory(
  event: PartnerEvent,
  { required, preferences: steps }: ConsentPlan,
): string | undefined {
  const preferences = read(event, steps);
  const gdpr = event.type === "batch" ? at(event.batch["consent_state"], "gdpr") : undefined;
  return required.find(
    (category) => at(preferences, category) !== true && at(at(gdpr, category), "consented") !== true,
  );
}

function at(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}
