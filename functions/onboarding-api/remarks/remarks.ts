/** Remarks on settings: they are valid, and surely not meant so. */
import { valuesOf } from "../../../shared/api/checks/check-mapping.ts";
import { placesIn, placesOf } from "../../../shared/api/checks/places.ts";
import type { Remark } from "../../../shared/api/remark.schema.ts";
import { consentValues } from "../../../shared/api/shapes/consent-shapes.ts";
import { rowValues } from "../../../shared/api/shapes/row-shapes.ts";
import type { Feed } from "../../../shared/core/tenant.schema.ts";
import { eventNameRemarks } from "./event-name-remarks.ts";
import { nameRemarks } from "./name-remarks.ts";
import { placeRemarks } from "./place-remarks.ts";
import { rowRemarks } from "./row-remarks.ts";
import { ruleRemarks } from "./rule-remarks.ts";
import { userRemarks } from "./user-remarks.ts";
import { valueRemarks } from "./value-remarks.ts";

/** Most remarks that one answer makes. */
const MAX_REMARKS = 20;

/** An answer with what is remarked on the settings that it is about. */
export function withRemarks<Body extends object>(
  body: Body,
  remarks: Remark[],
): Body & { remarks?: Remark[] } {
  return remarks.length > 0 ? { ...body, remarks } : body;
}

/** On settings of a feed that compile; on those that are given. */
export function remarksOf({ mapping, rows = {}, ...rest }: Remarkable): Remark[] {
  return [
    ...ruleRemarks(mapping.rules),
    ...eventNameRemarks(mapping.rules),
    ...nameRemarks(mapping),
    ...userRemarks(mapping),
    ...placeRemarks(placesOf(mapping), "mapping"),
    ...valuesOf(mapping).flatMap((value) => valueRemarks(value, "mapping")),
    ...rowValues(rows).flatMap((value) => valueRemarks(value, "rows")),
    ...rowRemarks(rows),
    ...(rest.consent ? consentValues(rest.consent) : []).flatMap((value) => valueRemarks(value, "consent")),
    ...consentRemarks(rest),
  ].slice(0, MAX_REMARKS);
}

type Remarkable = Pick<Feed, "mapping"> & Partial<Pick<Feed, "kind" | "rows" | "consent">>;

/** A feed that is tested as a custom one keeps its settings when it becomes a partner's. */
function consentRemarks({ kind, consent }: Omit<Remarkable, "mapping">): Remark[] {
  if (!consent) return [];
  const places = placeRemarks(
    [
      { text: consent.path, path: ["path"], isInLoop: false },
      ...consentValues(consent).flatMap(({ value, path }) => placesIn(value, path)),
    ],
    "consent",
  );
  if (kind !== "partner" || !consent.state) return places;
  const message = "is not sent: mParticle takes consent state of custom feeds only";
  return [...places, { pointer: "/consent/state", code: "consent_not_sent", message }];
}
