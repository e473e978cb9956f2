import type { OperationId } from "../../shared/api/routes.ts";
import type { AnswerOf, RequestOf } from "../../shared/api/types.ts";
import type { Clock, Log } from "../../shared/ports.ts";
import type {
  AuditTrail,
  FeedChanges,
  KeyClaims,
  KeyProver,
  SecretWriter,
  StoredKeyProver,
  TenantRegistry,
} from "../../shared/ports-onboarding.ts";
import type { Caller } from "./authorize.ts";
import type { Precondition } from "./precondition.ts";

export interface OnboardingSettings {
  /** Days between the request to delete a tenant and its removal. */
  readonly graceDays: number;
}

export interface OnboardingDeps {
  readonly registry: TenantRegistry;
  readonly audit: AuditTrail;
  readonly changes: FeedChanges;
  readonly claims: KeyClaims;
  readonly secrets: SecretWriter;
  readonly prover: KeyProver;
  readonly storedKeys: StoredKeyProver;
  readonly clock: Pick<Clock, "nowMs">;
  /** Text that nobody can guess, of so many random bytes. */
  readonly randomText: (bytes: number) => string;
  readonly log: Log;
  readonly settings: OnboardingSettings;
}

export interface Call<Id extends OperationId> extends RequestOf<Id> {
  readonly caller: Caller;
  readonly precondition: Precondition;
  /** Milliseconds that the invocation may still take. */
  readonly remainingMs: () => number;
}

/** What answers one route. */
export type UseCase<Id extends OperationId> = (call: Call<Id>, deps: OnboardingDeps) => Promise<AnswerOf<Id>>;
