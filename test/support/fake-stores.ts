/** The ports to AWS in memory. Each can be down. */
import { hourOf } from "../../shared/core/hour.ts";
import {
  accountKey,
  addUp,
  type LedgerAccountId,
  type LedgerColumns,
  type LedgerEntry,
  sumColumns,
} from "../../shared/core/ledger.ts";
import type {
  CredentialStore,
  EventNames,
  IngestQueue,
  Ledger,
  LedgerAccount,
  LedgerAccounts,
  ParkedEvents,
  ParkedObject,
  TenantStore,
  TenantWithFeeds,
  VersionedCredentials,
} from "../../shared/ports.ts";
import { NOW_MS } from "./builders.ts";

/** An error whose message holds what must never be logged. */
export class OutageError extends Error {
  override readonly name = "OutageError";
}

export class FakeTenantStore implements TenantStore {
  isDown: (tenantId: string) => boolean = () => false;
  readonly tenants = new Map<string, TenantWithFeeds>();
  /** What was noted at feeds, in order. */
  readonly notes: string[] = [];

  add(...added: TenantWithFeeds[]): void {
    for (const entry of added) this.tenants.set(entry.tenant.tenantId, entry);
  }

  async find(tenantId: string): Promise<TenantWithFeeds | undefined> {
    this.#assertUp(tenantId);
    return this.tenants.get(tenantId);
  }

  async credentialsRefused(tenantId: string, feedId: string, secretVersion: string): Promise<void> {
    this.#assertUp(tenantId);
    this.notes.push(`${tenantId}/${feedId} refused ${secretVersion}`);
    this.#update(tenantId, feedId, { status: "credentials_refused", refusedSecretVersion: secretVersion });
  }

  async credentialsAccepted(tenantId: string, feedId: string): Promise<void> {
    this.#assertUp(tenantId);
    this.notes.push(`${tenantId}/${feedId} accepted`);
    this.#update(tenantId, feedId, { status: "active" });
  }

  #update(tenantId: string, feedId: string, fields: object): void {
    const found = this.tenants.get(tenantId);
    const feed = found?.feeds.get(feedId);
    if (found && feed)
      this.add({ ...found, feeds: new Map([...found.feeds, [feedId, { ...feed, ...fields }]]) });
  }

  #assertUp(tenantId: string): void {
    if (this.isDown(tenantId)) throw new OutageError(`no table for ${tenantId}`);
  }
}

export class FakeCredentialStore implements CredentialStore {
  isDown: (name: string) => boolean = () => false;
  /** By `<tenantId>/<feedId>`. */
  readonly stored = new Map<string, VersionedCredentials>();
  /** What `not` readings find instead, as a cache does that lags behind. */
  readonly newer = new Map<string, VersionedCredentials>();
  /** Readings that asked for another version than one that was refused. */
  rereads = 0;

  async find(
    tenantId: string,
    feedId: string,
    { not }: { not?: string } = {},
  ): Promise<VersionedCredentials | undefined> {
    const name = `${tenantId}/${feedId}`;
    if (not !== undefined) this.rereads++;
    if (this.isDown(name)) throw new OutageError(`no secret for ${name}`);
    const known = this.stored.get(name);
    const renewed = this.newer.get(name);
    if (renewed && known?.version === not) this.stored.set(name, renewed);
    return this.stored.get(name);
  }
}

export class FakeParkedEvents implements ParkedEvents {
  isDown: (object: ParkedObject) => boolean = () => false;
  readonly objects: ParkedObject[] = [];

  async write(object: ParkedObject): Promise<void> {
    // Written as text, as the bucket has it: what cannot be, fails.
    const text = JSON.stringify(object);
    if (this.isDown(object)) throw new OutageError(text);
    this.objects.push(JSON.parse(text));
  }
}

export interface QueuedMessage {
  readonly body: string;
  readonly groupId: string;
  readonly delaySeconds: number;
}

export class FakeIngestQueue implements IngestQueue {
  isDown = false;
  refuses: (message: QueuedMessage) => boolean = () => false;
  /** It takes messages and says that it did not. */
  isMute = false;
  readonly sent: QueuedMessage[] = [];
  /** Delay in seconds by receipt handle. */
  readonly hidden = new Map<string, number>();

  async hide(messages: readonly { receiptHandle: string; delaySeconds: number }[]): Promise<void> {
    for (const { receiptHandle, delaySeconds } of messages) this.hidden.set(receiptHandle, delaySeconds);
  }

  hidingMessages = 0;

  async hiddenMessages(): Promise<number> {
    return this.hidingMessages;
  }

  async send(messages: readonly QueuedMessage[]): Promise<readonly number[]> {
    const isRefused = (message: QueuedMessage) => this.isDown || this.refuses(message);
    const refused = messages.flatMap((message, i) => (isRefused(message) ? [i] : []));
    const taken = messages.filter((_, i) => !refused.includes(i));
    this.sent.push(...taken.map(({ body, groupId, delaySeconds }) => ({ body, groupId, delaySeconds })));
    return this.isMute ? [...messages.keys()] : refused;
  }
}

export class FakeLedger implements Ledger, LedgerAccounts {
  isDown = false;
  nowMs = NOW_MS;
  /** Each call's, in order. */
  readonly added: (readonly LedgerEntry[])[] = [];
  readonly #stored = new Map<string, LedgerAccount>();

  async add(entries: readonly LedgerEntry[]): Promise<readonly LedgerAccountId[]> {
    this.added.push(entries);
    if (this.isDown) return entries.map(({ tenantId, feedId, hour }) => ({ tenantId, feedId, hour }));
    for (const account of addUp([...this.#stored.values(), ...entries])) {
      const key = accountKey(account);
      const isTouched = entries.some((entry) => accountKey(entry) === key);
      const { writtenAtMs = this.nowMs, isWatched = false } = this.#stored.get(key) ?? {};
      const written = isTouched ? { writtenAtMs: this.nowMs, isWatched: false } : { writtenAtMs, isWatched };
      this.#stored.set(key, { ...account, ...written });
    }
    return [];
  }

  get accounts(): LedgerAccount[] {
    return [...this.#stored.values()];
  }

  /** Everything in all accounts. */
  get columns(): LedgerColumns {
    return sumColumns(this.accounts);
  }

  async ofTenant(tenantId: string | undefined, { from, to }: { from: string; to: string }) {
    return this.accounts.filter(
      (account) => account.tenantId === tenantId && account.hour >= from && account.hour <= to,
    );
  }

  async *lastWrittenIn(hour: string) {
    yield this.accounts.filter((account) => !account.isWatched && hourOf(account.writtenAtMs) === hour);
  }

  async *watched() {
    yield this.accounts.filter(({ isWatched }) => isWatched);
  }

  async setWatched(account: LedgerAccount, isWatched: boolean): Promise<void> {
    this.#stored.set(accountKey(account), { ...account, isWatched });
  }
}

/** Names by feed. */
export class FakeEventNames implements EventNames {
  readonly byFeed = new Map<string, Set<string>>();

  async add({ tenantId, feedId }: { tenantId: string; feedId: string }, names: ReadonlySet<string>) {
    const key = `${tenantId}/${feedId}`;
    const all = new Set([...(this.byFeed.get(key) ?? []), ...names]);
    this.byFeed.set(key, all);
    return all.size;
  }
}
