/**
 * The typed front of the compiled validators: what the Lambda functions call instead of zod. A problem names a place and
 * what is expected there, never the value that was found: problems end up in logs and parked records.
 */
import type { CheckLedgerEnv } from "../../functions/check-ledger/env.schema.ts";
import type { Brand } from "../../functions/connect-page/brand.schema.ts";
import type { ConnectPageEnv } from "../../functions/connect-page/env.schema.ts";
import type { DeliverEventsEnv } from "../../functions/deliver-events/env.schema.ts";
import type { OnboardingApiEnv } from "../../functions/onboarding-api/env.schema.ts";
import type { OnboardingUpkeepEnv } from "../../functions/onboarding-upkeep/env.schema.ts";
import type { ReleaseHeldEnv } from "../../functions/release-held/env.schema.ts";
import type { ReplayRejectedEnv } from "../../functions/replay-rejected/env.schema.ts";
import type { VerifyFeedEnv } from "../../functions/verify-feed/env.schema.ts";
import type { AuditEntry } from "../api/audit.schema.ts";
import * as schemas from "./compiled/schemas.js";
import * as compiled from "./compiled/validators.js";
import { ConfigError } from "./config-error.ts";
import { consentPlanOf } from "./consent/consent-plan.ts";
import type { CredentialsRefused } from "./credentials-refused.schema.ts";
import type { FeedChanged } from "./feed-changed.schema.ts";
import { MappingError } from "./mapping/mapping-error.ts";
import { planOf } from "./mapping/plan.ts";
import type { LinkRecord } from "./onboarding/link-record.schema.ts";
import type { ArchivedMapping, FeedRecord, TenantRecord } from "./onboarding/record.schema.ts";
import { complete } from "./plain-schema.ts";
import type { Problem } from "./problem.ts";
import type { ReplayRequest } from "./replay-request.schema.ts";
import { compileRowModels } from "./rows/row-plan.ts";
import type { Credentials, Feed, Tenant } from "./tenant.schema.ts";
import type { VerifyRequest } from "./verify-request.schema.ts";

export type { Problem } from "./problem.ts";

type Check = (value: unknown) => Problem | undefined;

/** Undefined: the value is a message of the contract. Its events are not looked into; see {@link checkEvent}. */
export const checkMessage: Check = compiled.message;

/** Undefined: the value is a built request on its way back through the queue. */
export const checkFrozenMessage: Check = compiled.frozenMessage;

/** Undefined: the value says when the events of a message from the bucket were first sent. */
export const checkRequeued: Check = compiled.requeued;

/** Undefined: the value is what is shared about a feed's flow. */
export const checkFlowState: Check = compiled.flowState;

/** Undefined: the value is an event of a kind that the connector converts. */
export const checkEvent: Check = compiled.event;

/** Undefined: mParticle's schema accepts the value as a batch. */
export const checkBatch: Check = compiled.batch;

/** Undefined: the value is a line of a parked object. */
export const checkParkedLine: Check = compiled.parkedLine;

/** A tenant as stored, defaults filled in, unknown fields left out. @throws {ConfigError} */
export function parseTenant(value: unknown): Tenant {
  return checked<Tenant>(complete(value, schemas.tenant), compiled.tenant);
}

/** A feed as stored, defaults filled in, unknown fields left out. @throws {ConfigError} */
export function parseFeed(value: unknown): Feed {
  const feed = checked<Feed>(complete(value, schemas.feed), compiled.feed);
  assertCompiles("mapping", () => planOf(feed.mapping));
  assertCompiles("rows", () => compileRowModels(feed.rows));
  assertCompiles("consent", () => consentPlanOf(feed.consent));
  return feed;
}

/** @throws {ConfigError} with the place of a document that does not compile. */
function assertCompiles(document: string, compile: () => unknown): void {
  try {
    compile();
  } catch (error) {
    throw error instanceof MappingError
      ? new ConfigError(`${document}.${error.field}`, error.problem)
      : error;
  }
}

/** The value of a feed's secret. @throws {ConfigError} */
export function parseCredentials(value: unknown): Credentials {
  return checked<Credentials>(complete(value, schemas.credentials), compiled.credentials);
}

/** The function's settings: numbers read from text, defaults filled in, other variables left out. @throws {ConfigError} */
export function parseDeliverEventsEnv(vars: Record<string, string | undefined>): DeliverEventsEnv {
  const completed = complete(vars, schemas.deliverEventsEnv, { fromText: true });
  return checked<DeliverEventsEnv>(completed, compiled.deliverEventsEnv);
}

/** As {@link parseDeliverEventsEnv}, of the check-ledger function. @throws {ConfigError} */
export function parseCheckLedgerEnv(vars: Record<string, string | undefined>): CheckLedgerEnv {
  const completed = complete(vars, schemas.checkLedgerEnv, { fromText: true });
  return checked<CheckLedgerEnv>(completed, compiled.checkLedgerEnv);
}

/** As {@link parseDeliverEventsEnv}, of the onboarding-api function. @throws {ConfigError} */
export function parseOnboardingApiEnv(vars: Record<string, string | undefined>): OnboardingApiEnv {
  const completed = complete(vars, schemas.onboardingApiEnv, { fromText: true });
  return checked<OnboardingApiEnv>(completed, compiled.onboardingApiEnv);
}

/** As {@link parseDeliverEventsEnv}, of the connect-page function. @throws {ConfigError} */
export function parseConnectPageEnv(vars: Record<string, string | undefined>): ConnectPageEnv {
  const completed = complete(vars, schemas.connectPageEnv, { fromText: true });
  return checked<ConnectPageEnv>(completed, compiled.connectPageEnv);
}

/** What the connect page looks like, defaults filled in. @throws {ConfigError} */
export function parseBrand(value: unknown): Brand {
  return checked<Brand>(complete(value, schemas.brand), compiled.brand);
}

/** As {@link parseDeliverEventsEnv}, of the release-held function. @throws {ConfigError} */
export function parseReleaseHeldEnv(vars: Record<string, string | undefined>): ReleaseHeldEnv {
  const completed = complete(vars, schemas.releaseHeldEnv, { fromText: true });
  return checked<ReleaseHeldEnv>(completed, compiled.releaseHeldEnv);
}

/** As {@link parseDeliverEventsEnv}, of the replay-rejected function. @throws {ConfigError} */
export function parseReplayRejectedEnv(vars: Record<string, string | undefined>): ReplayRejectedEnv {
  const completed = complete(vars, schemas.replayRejectedEnv, { fromText: true });
  return checked<ReplayRejectedEnv>(completed, compiled.replayRejectedEnv);
}

/** As {@link parseDeliverEventsEnv}, of the onboarding-upkeep function. @throws {ConfigError} */
export function parseOnboardingUpkeepEnv(vars: Record<string, string | undefined>): OnboardingUpkeepEnv {
  const completed = complete(vars, schemas.onboardingUpkeepEnv, { fromText: true });
  return checked<OnboardingUpkeepEnv>(completed, compiled.onboardingUpkeepEnv);
}

/** The detail of an event that tells of refused keys. @throws {ConfigError} */
export function parseCredentialsRefused(value: unknown): CredentialsRefused {
  const completed = complete(value, schemas.credentialsRefused);
  return checked<CredentialsRefused>(completed, compiled.credentialsRefused);
}

/** As {@link parseDeliverEventsEnv}, of the verify-feed function. @throws {ConfigError} */
export function parseVerifyFeedEnv(vars: Record<string, string | undefined>): VerifyFeedEnv {
  const completed = complete(vars, schemas.verifyFeedEnv, { fromText: true });
  return checked<VerifyFeedEnv>(completed, compiled.verifyFeedEnv);
}

/** What the verify-feed function is asked for, unknown fields left out. @throws {ConfigError} */
export function parseVerifyRequest(value: unknown): VerifyRequest {
  return checked<VerifyRequest>(complete(value, schemas.verifyRequest), compiled.verifyRequest);
}

/** What the replay-rejected function is asked for, unknown fields left out. @throws {ConfigError} */
export function parseReplayRequest(value: unknown): ReplayRequest {
  return checked<ReplayRequest>(complete(value, schemas.replayRequest), compiled.replayRequest);
}

/** A tenant as onboarding keeps it, unknown fields left out. @throws {ConfigError} */
export function parseTenantRecord(value: unknown): TenantRecord {
  return checked<TenantRecord>(complete(value, schemas.tenantRecord), compiled.tenantRecord);
}

/** A feed as onboarding keeps it, unknown fields left out. @throws {ConfigError} */
export function parseFeedRecord(value: unknown): FeedRecord {
  return checked<FeedRecord>(complete(value, schemas.feedRecord), compiled.feedRecord);
}

/** A former mapping of a feed. @throws {ConfigError} */
export function parseArchivedMapping(value: unknown): ArchivedMapping {
  return checked<ArchivedMapping>(complete(value, schemas.archivedMapping), compiled.archivedMapping);
}

/** A connect link as it is stored, unknown fields left out. @throws {ConfigError} */
export function parseLinkRecord(value: unknown): LinkRecord {
  return checked<LinkRecord>(complete(value, schemas.linkRecord), compiled.linkRecord);
}

/** An entry of the audit trail, unknown fields left out. @throws {ConfigError} */
export function parseAuditEntry(value: unknown): AuditEntry {
  return checked<AuditEntry>(complete(value, schemas.auditEntry), compiled.auditEntry);
}

/** The detail of an event that tells of a changed tenant or feed. @throws {ConfigError} */
export function parseFeedChanged(value: unknown): FeedChanged {
  return checked<FeedChanged>(complete(value, schemas.feedChanged), compiled.feedChanged);
}

/** @throws {ConfigError} */
function checked<T>(value: unknown, check: Check): T {
  const problem = check(value);
  if (problem) throw new ConfigError(problem.path, problem.problem);
  return value as T;
}
