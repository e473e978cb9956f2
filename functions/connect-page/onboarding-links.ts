import { keyHashOf } from "../../shared/core/onboarding/fingerprint.ts";
import { asksFor, hashOfToken, isLastAttempt, linkStatus } from "../../shared/core/onboarding/link.ts";
import type { LinkRecord } from "../../shared/core/onboarding/link-record.schema.ts";
import { UnreadableRecordError } from "../../shared/core/onboarding/unreadable-record.ts";
import type { Credentials } from "../../shared/core/tenant.schema.ts";
import type { Caller } from "../../shared/onboarding/caller.ts";
import { ProblemError } from "../../shared/onboarding/problem.ts";
import { type StoreCredentialsDeps, storeCredentials } from "../../shared/onboarding/store-credentials.ts";
import type { ConnectLinks, KeyProver } from "../../shared/ports-onboarding.ts";
import {
  type AskedFeed,
  type ConnectLink,
  type FeedProblem,
  isKeyProblem,
  type KeyProblem,
} from "./connect-link.ts";
import type { OnLink, PageLinks, Reservation, Visitor } from "./ports.ts";
import { problemsOf } from "./problems-of.ts";

export interface OnboardingLinksDeps extends StoreCredentialsDeps {
  readonly links: ConnectLinks;
}

interface AskedFeeds {
  readonly feeds: readonly LinkedFeed[];
  /** Why one that is asked for, too, cannot be shown. */
  readonly unreadable: UnreadableRecordError | undefined;
}

interface LinkedFeed extends AskedFeed {
  /** Of its present keys. */
  readonly keyHash: string | undefined;
}

/** Milliseconds that a submission has a link to itself: longer than a function that serves HTTP may run. */
const LEASE_MS = 40_000;

/** The connect page's links over the onboarding API's own: what is stored through either is stored by the same code. */
export class OnboardingLinks implements PageLinks {
  readonly #deps: OnboardingLinksDeps;

  constructor(deps: OnboardingLinksDeps) {
    this.#deps = deps;
  }

  async find(token: string, onLink?: OnLink): Promise<ConnectLink> {
    const link = await this.#record(token, onLink);
    if (!link) return { state: "unknown" };
    const nowMs = this.#deps.clock.nowMs();
    const status = linkStatus(link, nowMs);
    const language = link.language === undefined ? {} : { language: link.language };
    if (status === "revoked") return { state: "revoked", ...language };
    // The page says both: that links end with their time, and after some tries.
    if (status === "expired" || status === "exhausted") return { state: "expired", ...language };
    const { feeds, unreadable } = await this.#feeds(link);
    const isDone = feeds.every(({ isStored }) => isStored);
    // Of what is left nothing can be shown until somebody has mended it.
    if (isDone && unreadable && status === "open") throw unreadable;
    // Nothing is left to connect, or to be connected: the tenant or its feeds are gone.
    if (feeds.length === 0) return { state: "revoked", ...language };
    if (status === "used" || isDone) {
      const usedAtMs = link.usedAt === undefined ? nowMs : Date.parse(link.usedAt);
      return { state: "used", usedAtMs, feeds, ...language };
    }
    return {
      state: "open",
      feeds,
      expiresAtMs: Date.parse(link.validUntil),
      problems: problemsIn(link, feeds),
      isBusy: (link.leaseUntilMs ?? 0) > nowMs,
      ...language,
    };
  }

  async reserve(token: string, visitor: Visitor, onLink?: OnLink): Promise<Reservation | undefined> {
    const { links, clock, randomText } = this.#deps;
    const found = await this.#record(token, onLink);
    if (!found) return undefined;
    const nowMs = clock.nowMs();
    const leaseId = randomText(9);
    if (!(await links.reserve(found, { id: leaseId, nowMs, untilMs: nowMs + LEASE_MS }))) return undefined;
    try {
      // What another submission left behind just before.
      const link = (await this.#record(token)) ?? found;
      const { feeds } = await this.#feeds(link);
      const caller = callerOf(link, visitor);
      return {
        feeds,
        store: async (feedId, keys) =>
          isStoredFor(feeds, feedId, keys) ? ["repeated"] : this.#store(link, feedId, keys, caller),
        end: (outcome) => this.#end(link, leaseId, { caller, ...outcome }),
      };
    } catch (error) {
      await links.release(found, leaseId);
      throw error;
    }
  }

  async #record(token: string, onLink?: OnLink): Promise<LinkRecord | undefined> {
    const hash = hashOfToken(token);
    const link = hash === undefined ? undefined : await this.#deps.links.findByHash(hash);
    if (link) onLink?.(link);
    return link;
  }

  /** Those that a link asks for and that are still there, in its order. */
  async #feeds(link: LinkRecord): Promise<AskedFeeds> {
    const { tenantId, feedIds, storedFeedIds = [] } = link;
    const { registry } = this.#deps;
    let unreadable: UnreadableRecordError | undefined;
    const find = (feedId: string) =>
      registry.feed(tenantId, feedId).catch(async (error) => {
        if (!(error instanceof UnreadableRecordError)) throw error;
        const stored = await registry.storedFeed(tenantId, feedId);
        if (stored && asksFor(link, stored) && !storedFeedIds.includes(feedId)) unreadable = error;
        return undefined;
      });
    const [tenant, ...found] = await Promise.all([registry.tenant(tenantId), ...feedIds.map(find)]);
    if (!tenant || tenant.deletion) return { feeds: [], unreadable: undefined };
    const feeds = found.flatMap((feed, i) => {
      if (!feed || !asksFor(link, feed)) return [];
      const { feedId, kind, platforms, credentials } = feed;
      const isStored = storedFeedIds.includes(feedId);
      return [{ feedId, place: i + 1, kind, platforms, isStored, keyHash: credentials?.keyHash }];
    });
    return { feeds, unreadable };
  }

  async #store(
    link: LinkRecord,
    feedId: string,
    keys: Credentials,
    caller: Caller,
  ): Promise<readonly KeyProblem[]> {
    try {
      const deps = { ...this.#deps, prover: this.#proverFor(link) };
      await storeCredentials({ tenantId: link.tenantId, feedId }, keys, caller, deps);
      return [];
    } catch (error) {
      if (error instanceof ProblemError) return problemsOf(error);
      throw error;
    }
  }

  /** A test takes seconds, in which a link may be revoked: what it was used for is not stored then. */
  #proverFor({ tokenHash }: LinkRecord): KeyProver {
    const { prover, links } = this.#deps;
    return {
      prove: async (feed, keys) => {
        const outcome = await prover.prove(feed, keys);
        const link = await links.findByHash(tokenHash);
        if (!link || link.revokedAt !== undefined)
          throw new ProblemError("conflict", "The connect link was revoked.");
        return outcome;
      },
    };
  }

  async #end(
    link: LinkRecord,
    leaseId: string,
    { caller, stored, problems }: { caller: Caller } & Parameters<Reservation["end"]>[0],
  ): Promise<void> {
    const { links, audit, clock } = this.#deps;
    const { tenantId, linkId } = link;
    const storedFeedIds = [...new Set([...(link.storedFeedIds ?? []), ...stored])];
    const progress = { storedFeedIds, problems: [...problems] };
    // As they are now: one may have been deleted while keys were tested.
    const { feeds, unreadable } = await this.#feeds({ ...link, storedFeedIds }).catch(async (error) => {
      await links.release(link, leaseId, progress);
      throw error;
    });
    if (!unreadable && feeds.length > 0 && feeds.every(({ isStored }) => isStored)) {
      await audit.write({ tenantId, ...caller, action: "connect_link_used", details: { linkId } });
      await links.use(link, leaseId, new Date(clock.nowMs()).toISOString());
    } else {
      if (isLastAttempt(link))
        await audit.write({ tenantId, ...caller, action: "connect_link_exhausted", details: { linkId } });
      await links.release(link, leaseId, progress);
    }
  }
}

/** Of an earlier submission. Each platform has keys of its own: with those of another one its events would count as that one's. */
function isStoredFor(feeds: readonly LinkedFeed[], feedId: string, { apiKey }: Credentials): boolean {
  const keyHash = keyHashOf(apiKey);
  return feeds.some((feed) => feed.isStored && feed.feedId !== feedId && feed.keyHash === keyHash);
}

function callerOf({ linkId }: LinkRecord, { from, requestId }: Visitor): Caller {
  return { by: `link:${linkId}`, requestId, ...(from !== undefined && { from }) };
}

function problemsIn({ problems = [] }: LinkRecord, feeds: readonly AskedFeed[]): readonly FeedProblem[] {
  const open = new Set(feeds.filter(({ isStored }) => !isStored).map(({ feedId }) => feedId));
  return problems.filter(
    (entry): entry is FeedProblem => open.has(entry.feedId) && isKeyProblem(entry.problem),
  );
}
