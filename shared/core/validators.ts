/**
 * The typed front of the compiled validators: what the Lambda functions call instead of zod. A problem names a place and
 * what is expected there, never the value that was found: problems end up in logs and parked records.
 */
import type { DeliverEventsEnv } from "../../functions/deliver-events/env.schema.ts";
import * as compiled from "./compiled/validators.js";
import { ConfigError } from "./config-error.ts";
import { complete } from "./plain-schema.ts";
import type { Problem } from "./problem.ts";
import type { Credentials, Feed, Tenant } from "./tenant.schema.ts";

export type { Problem } from "./problem.ts";

type Check = (value: unknown) => Problem | undefined;

/** Undefined: the value is a message of the contract. Its events are not looked into; see {@link checkEvent}. */
export const checkMessage: Check = compiled.message;

/** Undefined: the value is a built request on its way back through the queue. */
export const checkFrozenMessage: Check = compiled.frozenMessage;

/** Undefined: the value says when the events of a message from the bucket were first sent. */
export const checkRequeued: Check = compiled.requeued;

/** Undefined: the value is an event of a kind that the connector converts. */
export const checkEvent: Check = compiled.event;

/** Undefined: mParticle's schema accepts the value as a batch. */
export const checkBatch: Check = compiled.batch;

/** A tenant as stored, defaults filled in, unknown fields left out. @throws {ConfigError} */
export function parseTenant(value: unknown): Tenant {
  return checked<Tenant>(complete(value, compiled.schemas.tenant), compiled.tenant);
}

/** A feed as stored, defaults filled in, unknown fields left out. @throws {ConfigError} */
export function parseFeed(value: unknown): Feed {
  return checked<Feed>(complete(value, compiled.schemas.feed), compiled.feed);
}

/** The value of a feed's secret. @throws {ConfigError} */
export function parseCredentials(value: unknown): Credentials {
  return checked<Credentials>(complete(value, compiled.schemas.credentials), compiled.credentials);
}

/** The function's settings: numbers read from text, defaults filled in, other variables left out. @throws {ConfigError} */
export function parseDeliverEventsEnv(vars: Record<string, string | undefined>): DeliverEventsEnv {
  const completed = complete(vars, compiled.schemas.deliverEventsEnv, { fromText: true });
  return checked<DeliverEventsEnv>(completed, compiled.deliverEventsEnv);
}

/** @throws {ConfigError} */
function checked<T>(value: unknown, check: Check): T {
  const problem = check(value);
  if (problem) throw new ConfigError(problem.path, problem.problem);
  return value as T;
}
