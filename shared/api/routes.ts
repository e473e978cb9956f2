/**
 * The onboarding API, route by route. Router, API Gateway's routes, OpenAPI document and typed client all come from here.
 */
import * as z from "zod";
import { AuditPageSchema } from "./audit.schema.ts";
import { CursorSchema, FeedIdParam, LimitParam, LinkIdParam, TenantIdParam } from "./common.schema.ts";
import {
  ConnectLinkInputSchema,
  ConnectLinkPageSchema,
  NewConnectLinkSchema,
} from "./connect-link.schema.ts";
import { CredentialsAnswerSchema, CredentialsInputSchema, VerifyAnswerSchema } from "./credentials.schema.ts";
import { EventNamesAnswerSchema } from "./event-names.schema.ts";
import { FeedAnswerSchema, FeedListSchema, FeedSettingsSchema } from "./feed.schema.ts";
import { LedgerAnswerSchema, LedgerQuerySchema } from "./ledger.schema.ts";
import {
  MappingVersionAnswerSchema,
  MappingVersionPageSchema,
  MappingVersionParam,
} from "./mapping.schema.ts";
import {
  HeldPageSchema,
  ParkedQuerySchema,
  RejectedPageSchema,
  ReplayAnswerSchema,
  ReplayInputSchema,
} from "./parked.schema.ts";
import { PreviewAnswerSchema, PreviewInputSchema, StoredFeedPreviewInputSchema } from "./preview.schema.ts";
import type { RouteDefinition } from "./route.ts";
import { TenantAnswerSchema, TenantPageSchema, TenantSettingsSchema } from "./tenant.schema.ts";

const tenantParams = z.strictObject({ tenantId: TenantIdParam });
const feedParams = z.strictObject({ tenantId: TenantIdParam, feedId: FeedIdParam });
const mappingParams = z.strictObject({
  tenantId: TenantIdParam,
  feedId: FeedIdParam,
  version: MappingVersionParam,
});
const linkParams = z.strictObject({ tenantId: TenantIdParam, linkId: LinkIdParam });
const pageQuery = z.strictObject({ limit: LimitParam, cursor: CursorSchema.optional() });

/** As much as a queue message may have. */
const MAX_PREVIEW_BYTES = 1_048_576;

/** Settings that the table keeps are shorter; how they are written may take more. */
const MAX_FEED_BYTES = 524_288;

const tenant = { description: "The tenant.", schema: TenantAnswerSchema, etag: true } as const;
const feed = { description: "The feed.", schema: FeedAnswerSchema, etag: true } as const;

export const routes = {
  getOpenApi: {
    method: "GET",
    path: "/v1/openapi.json",
    tag: "API",
    summary: "This document",
    scope: "read",
    answers: { 200: { description: "OpenAPI 3.1.", schema: z.looseObject({ openapi: z.string() }) } },
  },

  listTenants: {
    method: "GET",
    path: "/v1/tenants",
    tag: "Tenants",
    summary: "List tenants, by id",
    scope: "read",
    query: pageQuery,
    answers: { 200: { description: "A page of tenants.", schema: TenantPageSchema } },
  },
  putTenant: {
    method: "PUT",
    path: "/v1/tenants/{tenantId}",
    tag: "Tenants",
    summary: "Create a tenant, or replace its settings",
    description:
      "The same request again changes nothing. A tenant that is deleting has to be restored first.",
    scope: "write",
    params: tenantParams,
    body: TenantSettingsSchema,
    conditional: true,
    answers: { 200: tenant, 201: { ...tenant, description: "The tenant, which is new." } },
    problems: ["conflict"],
  },
  getTenant: {
    method: "GET",
    path: "/v1/tenants/{tenantId}",
    tag: "Tenants",
    summary: "Read a tenant",
    scope: "read",
    params: tenantParams,
    answers: { 200: tenant },
  },
  deleteTenant: {
    method: "DELETE",
    path: "/v1/tenants/{tenantId}",
    tag: "Tenants",
    summary: "Begin to delete a tenant",
    description:
      "Its events are held from now on. At `deleteAfter` it is removed with its feeds, its keys and what is parked of it; until then it can be restored.",
    scope: "write",
    params: tenantParams,
    conditional: true,
    answers: { 202: { ...tenant, description: "The tenant, which is deleting." } },
    problems: ["conflict"],
  },
  restoreTenant: {
    method: "POST",
    path: "/v1/tenants/{tenantId}/restore",
    tag: "Tenants",
    summary: "End a tenant's deletion",
    description: "It is again what it was before. Changes nothing of a tenant that is not deleting.",
    scope: "write",
    params: tenantParams,
    answers: { 200: tenant },
    problems: ["conflict"],
  },
  pauseTenant: {
    method: "POST",
    path: "/v1/tenants/{tenantId}/pause",
    tag: "Tenants",
    summary: "Hold a tenant's events",
    scope: "write",
    params: tenantParams,
    answers: { 200: tenant },
    problems: ["conflict"],
  },
  resumeTenant: {
    method: "POST",
    path: "/v1/tenants/{tenantId}/resume",
    tag: "Tenants",
    summary: "Deliver a tenant's events again, held ones first",
    scope: "write",
    params: tenantParams,
    answers: { 200: tenant },
    problems: ["conflict"],
  },
  listAudit: {
    method: "GET",
    path: "/v1/tenants/{tenantId}/audit",
    tag: "Tenants",
    summary: "Who changed what, latest first",
    scope: "read",
    params: tenantParams,
    query: pageQuery,
    answers: { 200: { description: "A page of entries.", schema: AuditPageSchema } },
  },

  listFeeds: {
    method: "GET",
    path: "/v1/tenants/{tenantId}/feeds",
    tag: "Feeds",
    summary: "List a tenant's feeds, by id",
    scope: "read",
    params: tenantParams,
    answers: { 200: { description: "All of them; a tenant has 50 at most.", schema: FeedListSchema } },
  },
  putFeed: {
    method: "PUT",
    path: "/v1/tenants/{tenantId}/feeds/{feedId}",
    tag: "Feeds",
    summary: "Create a feed, or replace its settings",
    description: "The same request again changes nothing. Status and keys stay as they are.",
    scope: "write",
    params: feedParams,
    body: FeedSettingsSchema,
    maxBodyBytes: MAX_FEED_BYTES,
    conditional: true,
    answers: { 200: feed, 201: { ...feed, description: "The feed, which is new." } },
    problems: ["conflict", "too_many_feeds"],
  },
  getFeed: {
    method: "GET",
    path: "/v1/tenants/{tenantId}/feeds/{feedId}",
    tag: "Feeds",
    summary: "Read a feed",
    scope: "read",
    params: feedParams,
    answers: { 200: feed },
  },
  deleteFeed: {
    method: "DELETE",
    path: "/v1/tenants/{tenantId}/feeds/{feedId}",
    tag: "Feeds",
    summary: "Delete a feed",
    description:
      "At once, and its keys with a recovery window. Events that name it are held as of an unknown feed.",
    scope: "write",
    params: feedParams,
    conditional: true,
    answers: { 204: { description: "It is gone." } },
    problems: ["conflict", "busy"],
  },
  pauseFeed: {
    method: "POST",
    path: "/v1/tenants/{tenantId}/feeds/{feedId}/pause",
    tag: "Feeds",
    summary: "Hold a feed's events",
    scope: "write",
    params: feedParams,
    answers: { 200: feed },
    problems: ["conflict"],
  },
  resumeFeed: {
    method: "POST",
    path: "/v1/tenants/{tenantId}/feeds/{feedId}/resume",
    tag: "Feeds",
    summary: "Deliver a feed's events again, held ones first",
    scope: "write",
    params: feedParams,
    answers: { 200: feed },
    problems: ["conflict"],
  },
  goLive: {
    method: "POST",
    path: "/v1/tenants/{tenantId}/feeds/{feedId}/go-live",
    tag: "Feeds",
    summary: "Send a feed's events to production",
    description: "Its keys must be stored, and their latest test accepted.",
    scope: "write",
    params: feedParams,
    answers: { 200: feed },
    problems: ["conflict"],
  },
  getEventNames: {
    method: "GET",
    path: "/v1/tenants/{tenantId}/feeds/{feedId}/event-names",
    tag: "Feeds",
    summary: "How many different names a feed's events and screens have had",
    scope: "read",
    params: feedParams,
    answers: { 200: { description: "The count, and what it means.", schema: EventNamesAnswerSchema } },
  },
  resetEventNames: {
    method: "DELETE",
    path: "/v1/tenants/{tenantId}/feeds/{feedId}/event-names",
    tag: "Feeds",
    summary: "Count the names of a feed's events anew",
    description:
      "For after the names were mended. What still comes is counted again, some of it within an hour. mParticle's own count stays as it is.",
    scope: "write",
    params: feedParams,
    answers: { 204: { description: "The count begins anew." } },
    problems: ["conflict"],
  },

  listMappings: {
    method: "GET",
    path: "/v1/tenants/{tenantId}/feeds/{feedId}/mappings",
    tag: "Feeds",
    summary: "List the mappings that a feed has had, latest first",
    description: "A feed's mapping is changed with its settings. What it was before is kept.",
    scope: "read",
    params: feedParams,
    query: pageQuery,
    answers: { 200: { description: "A page of versions.", schema: MappingVersionPageSchema } },
  },
  getMapping: {
    method: "GET",
    path: "/v1/tenants/{tenantId}/feeds/{feedId}/mappings/{version}",
    tag: "Feeds",
    summary: "Read a mapping that a feed has or had",
    scope: "read",
    params: mappingParams,
    answers: { 200: { description: "The document.", schema: MappingVersionAnswerSchema } },
  },
  restoreMapping: {
    method: "POST",
    path: "/v1/tenants/{tenantId}/feeds/{feedId}/mappings/{version}/restore",
    tag: "Feeds",
    summary: "Give a feed a mapping again that it had",
    description: "As a new version. Changes nothing where the feed's mapping is the same.",
    scope: "write",
    params: mappingParams,
    answers: { 200: feed },
    problems: ["conflict"],
  },

  putCredentials: {
    method: "PUT",
    path: "/v1/tenants/{tenantId}/feeds/{feedId}/credentials",
    tag: "Credentials",
    summary: "Store or rotate a feed's keys",
    description:
      "They are tested first, by a development batch with a marked event and an invented user. What mParticle does not accept is " +
      "not stored. Keys that are replaced are kept until the new ones have delivered.",
    scope: "credentials",
    params: feedParams,
    body: CredentialsInputSchema,
    answers: { 200: { description: "They are stored.", schema: CredentialsAnswerSchema } },
    problems: [
      "conflict",
      "key_in_use",
      "credentials_malformed",
      "credentials_refused",
      "busy",
      "unavailable",
    ],
  },
  verifyFeed: {
    method: "POST",
    path: "/v1/tenants/{tenantId}/feeds/{feedId}/verify",
    tag: "Credentials",
    summary: "Test a feed's stored keys",
    description: "As storing does. The answer is a success whatever the test found: see its `outcome`.",
    scope: "write",
    params: feedParams,
    answers: { 200: { description: "What the test found.", schema: VerifyAnswerSchema } },
    problems: ["conflict", "key_in_use"],
  },

  createConnectLink: {
    method: "POST",
    path: "/v1/tenants/{tenantId}/connect-links",
    tag: "Connect links",
    summary: "Create a link by which the customer enters keys, once",
    scope: "credentials",
    params: tenantParams,
    body: ConnectLinkInputSchema,
    answers: { 201: { description: "The link. Its token is told only here.", schema: NewConnectLinkSchema } },
    problems: ["conflict"],
  },
  listConnectLinks: {
    method: "GET",
    path: "/v1/tenants/{tenantId}/connect-links",
    tag: "Connect links",
    summary: "List a tenant's links, without their tokens",
    scope: "read",
    params: tenantParams,
    query: pageQuery,
    answers: { 200: { description: "A page of links.", schema: ConnectLinkPageSchema } },
  },
  revokeConnectLink: {
    method: "DELETE",
    path: "/v1/tenants/{tenantId}/connect-links/{linkId}",
    tag: "Connect links",
    summary: "Revoke a link",
    description:
      "Changes nothing of a link that was used, has expired, has no attempts left, or is revoked already.",
    scope: "credentials",
    params: linkParams,
    answers: { 204: { description: "It cannot be used any more." } },
  },

  listRejected: {
    method: "GET",
    path: "/v1/tenants/{tenantId}/rejected",
    tag: "Events",
    summary: "Count a tenant's rejected events",
    scope: "read",
    params: tenantParams,
    query: ParkedQuerySchema,
    answers: { 200: { description: "Counts by code, feed and hour.", schema: RejectedPageSchema } },
  },
  listHeld: {
    method: "GET",
    path: "/v1/tenants/{tenantId}/held",
    tag: "Events",
    summary: "Count a tenant's held events",
    scope: "read",
    params: tenantParams,
    query: ParkedQuerySchema,
    answers: { 200: { description: "Counts by cause, feed and hour.", schema: HeldPageSchema } },
  },
  replayRejected: {
    method: "POST",
    path: "/v1/tenants/{tenantId}/replays",
    tag: "Events",
    summary: "Put rejected events back on their queue",
    description: "Does some seconds of work. An answer with `continueFrom` asks to be called again with it.",
    scope: "write",
    params: tenantParams,
    body: ReplayInputSchema,
    answers: { 200: { description: "What was done.", schema: ReplayAnswerSchema } },
    problems: ["busy", "conflict"],
  },
  getLedger: {
    method: "GET",
    path: "/v1/tenants/{tenantId}/ledger",
    tag: "Events",
    summary: "Where a tenant's events are, by feed and hour",
    scope: "read",
    params: tenantParams,
    query: LedgerQuerySchema,
    answers: { 200: { description: "Accounts, and whether they add up.", schema: LedgerAnswerSchema } },
  },
  previewFeed: {
    method: "POST",
    path: "/v1/tenants/{tenantId}/feeds/{feedId}/preview",
    tag: "Preview",
    summary: "What would become of events in a stored feed",
    scope: "read",
    params: feedParams,
    body: StoredFeedPreviewInputSchema,
    maxBodyBytes: MAX_PREVIEW_BYTES,
    answers: { 200: { description: "Nothing was sent.", schema: PreviewAnswerSchema } },
  },
  preview: {
    method: "POST",
    path: "/v1/preview",
    tag: "Preview",
    summary: "What would become of events in a feed of these settings",
    scope: "read",
    body: PreviewInputSchema,
    maxBodyBytes: MAX_PREVIEW_BYTES,
    answers: { 200: { description: "Nothing was sent.", schema: PreviewAnswerSchema } },
  },
} as const satisfies Record<string, RouteDefinition>;

export type Routes = typeof routes;
export type OperationId = keyof Routes;

/** In the order of the table. */
export const OPERATION_IDS = Object.keys(routes) as OperationId[];

export function routeOf(operationId: OperationId): RouteDefinition {
  return routes[operationId];
}
