import type { ConnectLinkAnswer } from "../../../shared/api/connect-link.schema.ts";
import { createToken, hashOfToken, linkStatus } from "../../../shared/core/onboarding/link.ts";
import type { LinkRecord } from "../../../shared/core/onboarding/link-record.schema.ts";
import type { FeedRecord } from "../../../shared/core/onboarding/record.schema.ts";
import { UnreadableRecordError } from "../../../shared/core/onboarding/unreadable-record.ts";
import { assertStays, foundTenant } from "../../../shared/onboarding/change.ts";
import { ProblemError } from "../../../shared/onboarding/problem.ts";
import { nextOf, placeOf } from "../cursor.ts";
import type { UseCase } from "../use-case.ts";

const HOUR_MS = 3_600_000;
const LINK_ID = /^[A-Za-z0-9_-]{16}$/;

export const createConnectLink: UseCase<"createConnectLink"> = async (
  { params, body, caller, origin },
  deps,
) => {
  const { tenantId } = params;
  assertStays(await foundTenant(tenantId, deps));
  const { feedIds } = body;
  const feeds = await Promise.all(feedIds.map((feedId) => deps.registry.feed(tenantId, feedId)));
  const unknown = feeds.findIndex((feed) => !feed || feed.isDeleting);
  if (unknown >= 0)
    throw new ProblemError("not_found", "The tenant has no feed of this id: create it first.", {
      errors: [{ pointer: `/feedIds/${unknown}`, code: "unknown", message: "is none of the tenant's feeds" }],
    });

  const token = createToken();
  const nowMs = deps.clock.nowMs();
  const link: LinkRecord = {
    // On a command line, what begins with a hyphen is an option.
    linkId: deps.randomText(12).replace(/^-/, "_"),
    tenantId,
    feedIds,
    feedsSince: sinceOf(feeds),
    ...(body.language !== undefined && { language: body.language }),
    tokenHash: hashOfToken(token) ?? "",
    createdAt: new Date(nowMs).toISOString(),
    validUntil: new Date(nowMs + body.expiresInHours * HOUR_MS).toISOString(),
    attempts: 0,
  };
  const details = { linkId: link.linkId, feedIds: feedIds.join(" ") };
  await deps.audit.write({ tenantId, ...caller, action: "connect_link_created", details });
  await deps.links.create(link);
  const { linkId, createdAt, validUntil: expiresAt } = link;
  const url = `${deps.settings.connectUrl ?? origin}/connect/${token}`;
  return {
    status: 201,
    body: { linkId, tenantId, feedIds, createdAt, expiresAt, status: "open", url, token },
  };
};

export const listConnectLinks: UseCase<"listConnectLinks"> = async (
  { params: { tenantId }, query },
  deps,
) => {
  await foundTenant(tenantId, deps);
  const page = await deps.links.list(tenantId, { limit: query.limit, after: placeOf(query.cursor, LINK_ID) });
  const nowMs = deps.clock.nowMs();
  return {
    status: 200,
    body: {
      links: page.entries.map((link) => linkAnswer(link, nowMs)),
      ...(page.unreadable.length > 0 && { unreadable: [...page.unreadable] }),
      ...nextOf(page),
    },
  };
};

export const revokeConnectLink: UseCase<"revokeConnectLink"> = async ({ params, caller }, deps) => {
  const { tenantId, linkId } = params;
  await foundTenant(tenantId, deps);
  const nowMs = deps.clock.nowMs();
  const at = new Date(nowMs).toISOString();
  const link = await deps.links.find(tenantId, linkId).catch(async (error) => {
    if (!(error instanceof UnreadableRecordError)) throw error;
    await deps.audit.write({ tenantId, ...caller, action: "connect_link_revoked", details: { linkId } });
    await deps.links.revokeUnread(tenantId, linkId, at);
    return "revoked" as const;
  });
  if (link === "revoked") return { status: 204, body: undefined };
  if (!link) throw new ProblemError("not_found", "The tenant has no connect link of this id.");
  if (linkStatus(link, nowMs) === "open") {
    await deps.audit.write({ tenantId, ...caller, action: "connect_link_revoked", details: { linkId } });
    await deps.links.revoke(link, at);
  }
  return { status: 204, body: undefined };
};

function sinceOf(feeds: readonly (FeedRecord | undefined)[]): Record<string, string> {
  return Object.fromEntries(
    feeds.flatMap((feed) => (feed?.createdAt === undefined ? [] : [[feed.feedId, feed.createdAt]])),
  );
}

function linkAnswer(link: LinkRecord, nowMs: number): ConnectLinkAnswer {
  const { linkId, tenantId, feedIds, createdAt, validUntil, usedAt, revokedAt } = link;
  return {
    linkId,
    tenantId,
    feedIds,
    createdAt,
    expiresAt: validUntil,
    status: linkStatus(link, nowMs),
    ...(usedAt !== undefined && { usedAt }),
    ...(revokedAt !== undefined && { revokedAt }),
  };
}
