import { expect, it } from "vitest";
import { linkStatus, MAX_ATTEMPTS } from "../../../shared/core/onboarding/link.ts";
import type { LinkRecord } from "../../../shared/core/onboarding/link-record.schema.ts";

const NOW = "2026-11-20T10:00:00.000Z";
const NOW_MS = Date.parse(NOW);

const link: LinkRecord = {
  linkId: "link-id",
  tenantId: "acme",
  feedIds: ["default"],
  tokenHash: "hash",
  createdAt: "2026-11-20T09:00:00.000Z",
  validUntil: "2026-11-20T10:00:00.001Z",
  attempts: 0,
};
const tried = { attempts: MAX_ATTEMPTS };

it.each([
  ["open", "until its time is over", {}],
  ["open", "with one attempt left", { attempts: MAX_ATTEMPTS - 1 }],
  ["open", "while its last submission is checked", { ...tried, leaseUntilMs: NOW_MS + 1 }],
  ["exhausted", "when its last submission is over", tried],
  ["exhausted", "when its last submission died", { ...tried, leaseUntilMs: NOW_MS }],
  ["exhausted", "though its time is over too", { ...tried, validUntil: NOW }],
  ["expired", "when its time is over", { validUntil: NOW }],
  [
    "expired",
    "when its time is over while its last submission is checked",
    { ...tried, validUntil: NOW, leaseUntilMs: NOW_MS + 1 },
  ],
  ["revoked", "though it is exhausted", { ...tried, revokedAt: NOW }],
  ["used", "by its last submission", { ...tried, usedAt: NOW }],
] as const)("a link is %s %s", (status, _, over) => {
  expect(linkStatus({ ...link, ...over }, NOW_MS)).toBe(status);
});
