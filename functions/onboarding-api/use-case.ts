import type { OperationId } from "../../shared/api/routes.ts";
import type { AnswerOf, RequestOf } from "../../shared/api/types.ts";
import type { Clock, LedgerAccounts, Log } from "../../shared/ports.ts";
import type {
  AuditTrail,
  ConnectLinks,
  FeedChanges,
  KeyClaims,
  KeyProver,
  Replays,
  SecretWriter,
  StoredKeyProver,
  TenantRegistry,
} from "../../shared/ports-onboarding.ts";
import type { ParkedStore } from "../../shared/ports-parked.ts";
import type { Caller } from "./authorize.ts";
import type { Precondition } from "./precondition.ts";

export interface OnboardingSettings {
  /** Days between the request to delete a tenant and its removal. */
  readonly graceDays: number;
  /** Where the connect page is, without a slash at the end. Undefined: where the API is. */
  readonly connectUrl: string | undefined;
  /** As the deliver-events functions have it. */
  readonly partnerIdentity: string | undefined;
}

export interface OnboardingDeps {
  readonly registry: TenantRegistry;
  readonly audit: AuditTrail;
  readonly changes: FeedChanges;
  readonly claims: KeyClaims;
  readonly secrets: SecretWriter;
  readonly prover: KeyProver;
  readonly storedKeys: StoredKeyProver;
  readonly links: ConnectLinks;
  readonly ledger: Pick<LedgerAccounts, "ofTenant">;
  readonly parked: ParkedStore;
  readonly replays: Replays;
  readonly clock: Pick<Clock, "nowMs">;
  /** Text that nobody can guess, of so many random bytes. */
  readonly randomText: (bytes: number) => string;
  readonly log: Log;
  readonly settings: OnboardingSettings;
}

export interface Call<Id extends OperationId> extends RequestOf<Id> {
  readonly caller: Caller;
  readonly precondition: Precondition;
  /** Scheme and host by which the API was called. */
  readonly origin: string;
  /** Milliseconds that the invocation may still take. */
  readonly remainingMs: () => number;
}

/** What answers one route. */
export type UseCase<Id extends OperationId> = (call: Call<Id>, deps: OnboardingDeps) => Promise<AnswerOf<Id>>;
