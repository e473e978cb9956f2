import type { OperationId } from "../../shared/api/routes.ts";
import type { AnswerOf, RequestOf } from "../../shared/api/types.ts";
import type { Caller } from "../../shared/onboarding/caller.ts";
import type { StoreCredentialsDeps } from "../../shared/onboarding/store-credentials.ts";
import type { LedgerAccounts, Log } from "../../shared/ports.ts";
import type {
  ConnectLinks,
  EventNameCounts,
  Replays,
  SecretWriter,
  StoredKeyProver,
} from "../../shared/ports-onboarding.ts";
import type { ParkedStore } from "../../shared/ports-parked.ts";
import type { Precondition } from "./precondition.ts";

export interface OnboardingSettings {
  /** Days between the request to delete a tenant and its removal. */
  readonly graceDays: number;
  /** Where the connect page is, without a slash at the end. Undefined: where the API is. */
  readonly connectUrl: string | undefined;
  /** As the deliver-events functions have it. */
  readonly partnerIdentity: string | undefined;
}

export interface OnboardingDeps extends StoreCredentialsDeps {
  readonly secrets: SecretWriter;
  readonly storedKeys: StoredKeyProver;
  readonly links: ConnectLinks;
  readonly ledger: Pick<LedgerAccounts, "ofTenant">;
  readonly eventNames: EventNameCounts;
  readonly parked: ParkedStore;
  readonly replays: Replays;
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
