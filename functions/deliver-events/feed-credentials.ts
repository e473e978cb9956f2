import { nameOf } from "../../shared/core/error-name.ts";
import type { VersionedCredentials } from "../../shared/ports.ts";
import type { DeliverDeps } from "./deliver-records.ts";
import type { ReadyFeed } from "./find-credentials.ts";

/** What is to be done about credentials that mParticle refused: try again, try later, or hold the feed's events. */
export type AfterRefusal = "renewed" | "unreadable" | "refused";

/** The credentials that a feed is sent with in one invocation, and what mParticle's answers say of them. */
export class FeedCredentials {
  readonly #feed: ReadyFeed;
  readonly #deps: Pick<DeliverDeps, "credentials" | "tenants" | "log">;
  #current: VersionedCredentials;
  #renewal: { readonly of: VersionedCredentials; readonly done: Promise<AfterRefusal> } | undefined;
  #refusal: Promise<AfterRefusal> | undefined;
  #isAcceptedNoted = false;

  constructor(feed: ReadyFeed, deps: Pick<DeliverDeps, "credentials" | "tenants" | "log">) {
    this.#feed = feed;
    this.#deps = deps;
    this.#current = feed.credentials;
  }

  get current(): VersionedCredentials {
    return this.#current;
  }

  /** mParticle took a request: a feed that was not active is from now on. */
  async accepted(): Promise<void> {
    if (this.#feed.feed.status === "active" || this.#isAcceptedNoted) return;
    this.#isAcceptedNoted = true;
    await this.#note(({ tenantId, feedId }) => this.#deps.tenants.credentialsAccepted(tenantId, feedId));
  }

  /** Reads the secret afresh once; all requests that were refused with the same one share that reading. */
  refused(credentials: VersionedCredentials): Promise<AfterRefusal> {
    if (this.#renewal && this.#renewal.of !== credentials) return this.#refuse(credentials);
    this.#renewal ??= { of: credentials, done: this.#renew(credentials) };
    return this.#renewal.done;
  }

  async #renew(refused: VersionedCredentials): Promise<AfterRefusal> {
    const { tenantId, feedId } = this.#ids;
    try {
      const options = { not: refused.version, afresh: true };
      const renewed = await this.#deps.credentials.find(tenantId, feedId, options);
      if (!renewed) return await this.#refuse(refused);
      // Even the same version is tried once more: a single 401 may be a gateway's, and the next answer counts.
      this.#current = { ...renewed };
      return "renewed";
    } catch (error) {
      this.#deps.log.error("Refused credentials could not be read again", {
        ...this.#ids,
        error: nameOf(error),
      });
      return "unreadable";
    }
  }

  #refuse({ version }: VersionedCredentials): Promise<AfterRefusal> {
    this.#refusal ??= this.#noteRefusal(version);
    return this.#refusal;
  }

  async #noteRefusal(version: string): Promise<AfterRefusal> {
    this.#deps.log.error("mParticle refused the feed's credentials: its events are held", this.#ids);
    await this.#note(({ tenantId, feedId }) =>
      this.#deps.tenants.credentialsRefused(tenantId, feedId, version),
    );
    return "refused";
  }

  /** What is not noted at the feed is found again by the next invocation: delivery does not depend on it. */
  async #note(write: (ids: { tenantId: string; feedId: string }) => Promise<void>): Promise<void> {
    try {
      await write(this.#ids);
    } catch (error) {
      this.#deps.log.error("The feed's status could not be written", { ...this.#ids, error: nameOf(error) });
    }
  }

  get #ids(): { tenantId: string; feedId: string } {
    return { tenantId: this.#feed.tenant.tenantId, feedId: this.#feed.feed.feedId };
  }
}
