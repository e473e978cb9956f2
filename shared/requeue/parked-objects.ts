import type { ParkedFolder, ParkedRef } from "../core/parked-object.ts";
import type { ReplayRequest } from "../core/replay-request.schema.ts";
import type { ParkedStore } from "../ports-parked.ts";

type Wanted = Pick<ReplayRequest, "tenantId" | "feedId" | "from" | "to">;

/** The objects of an ending that a request is about, oldest first over all of its folders. */
export async function* parkedObjects(
  ending: ParkedFolder["ending"],
  { tenantId, feedId, from, to }: Wanted,
  store: ParkedStore,
): AsyncIterable<ParkedRef> {
  const range = { fromMs: Date.parse(from), toMs: Date.parse(to) };
  const open: { next: ParkedRef; rest: AsyncIterator<ParkedRef> }[] = [];
  for await (const folder of store.folders(ending, tenantId ?? undefined)) {
    if (feedId !== undefined && folder.feedId !== (feedId ?? undefined)) continue;
    const rest = store.list(folder, range)[Symbol.asyncIterator]();
    const first = await rest.next();
    if (!first.done) open.push({ next: first.value, rest });
  }
  while (open.length > 0) {
    open.sort((a, b) => a.next.parkedAtMs - b.next.parkedAtMs);
    const [oldest] = open as [(typeof open)[number]];
    yield oldest.next;
    const following = await oldest.rest.next();
    if (following.done) open.shift();
    else oldest.next = following.value;
  }
}
