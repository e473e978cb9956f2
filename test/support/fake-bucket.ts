import { type BadLine, type ParkedLine, readParkedLine } from "../../shared/core/parked-line.ts";
import {
  folderOf,
  folderPath,
  objectKey,
  objectText,
  type ParkedFolder,
  type ParkedRef,
  refOf,
} from "../../shared/core/parked-object.ts";
import type { ParkedObject } from "../../shared/ports.ts";
import type { ParkedStore, TimeRange } from "../../shared/ports-parked.ts";
import { FakeParkedEvents, OutageError } from "./fake-stores.ts";

export type BucketCall = "list" | "read" | "rewrite" | "delete";

/** The bucket in memory: what is parked can be read and taken out again. Each kind of call can fail. */
export class FakeBucket extends FakeParkedEvents implements ParkedStore {
  readonly texts = new Map<string, string>();
  /** @param path - Of what is listed; else the key. */
  fails: (call: BucketCall, path: string) => boolean = () => false;
  /** What was asked of it, in order, as `<call> <path>`. */
  readonly calls: string[] = [];
  readonly #nowMs: () => number;
  #written = 0;

  constructor(nowMs: () => number) {
    super();
    this.#nowMs = nowMs;
  }

  override async write(object: ParkedObject): Promise<void> {
    await super.write(object);
    this.put(object, object.events);
  }

  /** Lays an object into a folder. @returns its key. */
  put(folder: ParkedFolder, lines: readonly object[], atMs = this.#nowMs()): string {
    const { ending, tenantId, feedId, lane, cause } = folder;
    const bare = {
      ending,
      lane,
      ...(tenantId !== undefined && { tenantId }),
      ...(feedId !== undefined && { feedId }),
      ...(cause !== undefined && { cause }),
    };
    const key = objectKey(bare, atMs, `object-${String(++this.#written).padStart(6, "0")}`);
    this.texts.set(key, objectText(bare, atMs, lines));
    return key;
  }

  /** The lines that lie there now, over all objects. */
  get content(): (ParkedLine | BadLine)[] {
    return this.#keys().flatMap((key) => this.#linesOf(key));
  }

  async *tenants(ending: ParkedFolder["ending"]): AsyncIterable<string> {
    this.#note("list", ending);
    const ids = this.#refs().flatMap(({ folder }) =>
      folder.ending === ending && folder.tenantId !== undefined ? [folder.tenantId] : [],
    );
    yield* new Set(ids);
  }

  async *folders(ending: ParkedFolder["ending"], tenantId: string | undefined): AsyncIterable<ParkedFolder> {
    this.#note("list", `${ending}/${tenantId ?? "unreadable"}`);
    const paths = this.#refs()
      .filter(({ folder }) => folder.ending === ending && folder.tenantId === tenantId)
      .map(({ folder }) => folderPath(folder));
    for (const path of new Set(paths)) {
      const folder = folderOf(path);
      if (folder) yield folder;
    }
  }

  /** As from a bucket, an object that comes while this goes on may be met. */
  async *list(folder: ParkedFolder, range?: TimeRange): AsyncIterable<ParkedRef> {
    const path = folderPath(folder);
    this.#note("list", path);
    let last = "";
    for (;;) {
      const next = this.#refs().find((ref) => folderPath(ref.folder) === path && ref.key > last);
      if (!next || (range && next.parkedAtMs >= range.toMs)) return;
      last = next.key;
      if (!range || next.parkedAtMs >= range.fromMs) yield next;
    }
  }

  async *lines({ key }: ParkedRef): AsyncIterable<ParkedLine | BadLine> {
    this.#note("read", key);
    yield* this.#linesOf(key);
  }

  async rewrite({ key }: ParkedRef, texts: readonly string[]): Promise<void> {
    this.#note("rewrite", key);
    this.texts.set(key, texts.map((text) => `${text}\n`).join(""));
  }

  async delete({ key }: ParkedRef): Promise<void> {
    this.#note("delete", key);
    this.texts.delete(key);
  }

  #note(call: BucketCall, path: string): void {
    this.calls.push(`${call} ${path}`);
    if (this.fails(call, path)) throw new OutageError(`no ${call} of ${path}`);
  }

  #keys(): string[] {
    return [...this.texts.keys()].sort();
  }

  #refs(): ParkedRef[] {
    return this.#keys().flatMap((key) => refOf(key) ?? []);
  }

  #linesOf(key: string): (ParkedLine | BadLine)[] {
    const folder = refOf(key)?.folder;
    const texts = (this.texts.get(key) ?? "").split("\n").filter((text) => text !== "");
    return folder ? texts.map((text) => readParkedLine(text, folder)) : [];
  }
}
