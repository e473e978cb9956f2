/** What the values of a feed's consent settings may give. A test holds these to what events are read by. */
import type { Consent } from "../../core/consent/consent.schema.ts";
import { flags, INSTANT, placed, type Shapes, texts, type ValuePlace } from "./value-shape.ts";

export const PURPOSE: Shapes = {
  ...flags("consented"),
  timestamp: INSTANT,
  ...texts("document", "location", "hardware_id"),
};

/** All values of consent settings. */
export function consentValues({ state = {} }: Consent): ValuePlace[] {
  return Object.entries(state).flatMap(([regulation, purposes]) =>
    Object.entries(purposes ?? {}).flatMap(([name, purpose]) =>
      placed(purpose, PURPOSE, ["state", regulation, name]),
    ),
  );
}
