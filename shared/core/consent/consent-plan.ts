/** A feed's consent settings, compiled once each. */

import { MAX_NAME_LENGTH } from "../limits.ts";
import { compileValue, type ValueReader } from "../mapping/compile-value.ts";
import { MappingError } from "../mapping/mapping-error.ts";
import { assertName, fieldPlace, parsePath } from "../mapping/path.ts";
import type { Consent } from "./consent.schema.ts";

/** How the record of one purpose is read from an event. */
export interface PurposePlan {
  readonly name: string;
  /** Of its settings in the feed; findings name it. */
  readonly place: string;
  readonly consented: ValueReader;
  readonly isInverted: boolean;
  readonly timestamp: ValueReader | undefined;
  readonly details: readonly (readonly [name: Detail, reader: ValueReader])[];
}

export interface ConsentPlan {
  readonly required: readonly string[];
  /** Steps to the object that holds the required categories. */
  readonly preferences: readonly (string | number)[];
  /** Undefined: the feed says nothing of its users' consent. */
  readonly state: Readonly<Record<Regulation, readonly PurposePlan[]>> | undefined;
}

export type Regulation = "gdpr" | "ccpa";

const DETAILS = ["document", "location", "hardware_id"] as const;
type Detail = (typeof DETAILS)[number];

type Settings = NonNullable<NonNullable<NonNullable<Consent["state"]>["gdpr"]>[string]> & {
  readonly inverted?: boolean | undefined;
};

/** Purposes of one feed, each of which costs every event a look. */
const MAX_PURPOSES = 50;

const plans = new WeakMap<Consent, ConsentPlan>();

/** The plan of a feed's consent settings; the same for the same object. @throws {MappingError} with the place in them. */
export function consentPlanOf(consent: Consent): ConsentPlan {
  const known = plans.get(consent);
  if (known) return known;
  const plan = compileConsent(consent);
  plans.set(consent, plan);
  return plan;
}

function compileConsent({ required, path, state }: Consent): ConsentPlan {
  const optOut = state?.ccpa?.data_sale_opt_out;
  if (Object.keys(state?.gdpr ?? {}).length > MAX_PURPOSES)
    throw new MappingError("state.gdpr", `must not have more than ${MAX_PURPOSES} purposes`);
  return {
    required,
    preferences: parsePath(path, "path").steps,
    state: state && {
      gdpr: Object.entries(state.gdpr ?? {}).map(([name, purpose]) =>
        purposePlan(name, purpose, fieldPlace("state.gdpr", name)),
      ),
      ccpa: optOut ? [purposePlan("data_sale_opt_out", optOut, "state.ccpa.data_sale_opt_out")] : [],
    },
  };
}

function purposePlan(name: string, settings: Settings, place: string): PurposePlan {
  assertName(name, place);
  if (name.length > MAX_NAME_LENGTH)
    throw new MappingError("state.gdpr", `must not have a name over ${MAX_NAME_LENGTH} characters`);
  const { consented, inverted = false, timestamp } = settings;
  return {
    name,
    place: `consent.${place}`,
    consented: compileValue(consented, `${place}.consented`),
    isInverted: inverted,
    timestamp: timestamp === undefined ? undefined : compileValue(timestamp, `${place}.timestamp`),
    details: DETAILS.flatMap((detail) => {
      const value = settings[detail];
      return value === undefined ? [] : [[detail, compileValue(value, `${place}.${detail}`)] as const];
    }),
  };
}
