import { fillInOrder } from "./fill-in-order.ts";
import type { Lane } from "./flow/flow-state.schema.ts";
import { MAX_BATCHES_PER_REQUEST, MAX_MESSAGE_BYTES } from "./limits.ts";
import type { FrozenMessage, Message, Requeued } from "./message.schema.ts";
import type { ParkedContent, ParkedLine } from "./parked-line.ts";
import type { ParkedFolder } from "./parked-object.ts";
import { queueText } from "./queue-text.ts";
import { checkMessage } from "./validators.ts";

/** Events in one message: as many as one request has room for, should each be another user's. */
export const MAX_EVENTS_PER_MESSAGE = 100;

/** UTF-8 bytes of the events or batches in one message. A message comes, waits and goes back as a whole. */
const TARGET_BYTES = 200_000;

/** The group of messages whose body names no tenant. */
const UNREADABLE_GROUP = "unreadable";

/** A message for the queue that the lines came from. */
export interface RequeueMessage {
  readonly body: string;
  readonly groupId: string;
  readonly lane: Lane;
  /** The lines in it, as indexes into the given ones. */
  readonly lines: readonly number[];
}

export interface Requeue {
  /** In the order of their first lines. */
  readonly messages: readonly RequeueMessage[];
  /** Lines that no message can hold. */
  readonly tooLarge: readonly number[];
}

/**
 * Makes queue messages of parked lines of one folder. Every line is in exactly one message or too large.
 *
 * - Events go in order, those of one mode together. Where their feed was told they keep it; else no message names one, so
 *   that they are assigned anew, and `requeued` says that nobody has them as received yet.
 * - Built batches go as frozen messages, and so keep their bytes and ids.
 * - A body that could not be read goes by itself, as it came. If it can be read by now, it is told when it was sent.
 *
 * @param options.oneBatchEach - Each built batch goes in a message, and so in a request, of its own: for a feed that takes so
 *   many events in a request and no more.
 * @param options.areCounted - Whether a feed's ledger has the events as received. @default as their feed was told or not
 */
export function requeue(
  lines: readonly ParkedLine[],
  folder: ParkedFolder,
  options: { readonly oneBatchEach: boolean; readonly areCounted?: boolean },
): Requeue {
  const indexed = lines.map((line, index) => ({ ...line, index }));
  const made = [
    ...eventMessages(
      indexed.filter(isOf("event")),
      folder,
      options.areCounted ?? folder.feedId !== undefined,
    ),
    ...frozenMessages(
      indexed.filter(isOf("batch")),
      folder,
      options.oneBatchEach ? 1 : MAX_BATCHES_PER_REQUEST,
    ),
    ...indexed.filter(isOf("body")).map((line) => ({ body: bodyText(line), lines: [line.index] })),
  ].sort((a, b) => (a.lines[0] ?? 0) - (b.lines[0] ?? 0));
  const fits = ({ body }: Made) => Buffer.byteLength(body) <= MAX_MESSAGE_BYTES;
  const groupId = folder.tenantId ?? UNREADABLE_GROUP;
  return {
    messages: made.filter(fits).map((message) => ({ ...message, groupId, lane: folder.lane })),
    tooLarge: made.filter((message) => !fits(message)).flatMap((message) => message.lines),
  };
}

interface Made {
  readonly body: string;
  readonly lines: readonly number[];
}

type IndexedLine = ParkedLine & { readonly index: number };
type LineOf<Kind extends ParkedContent["kind"]> = IndexedLine & {
  readonly content: Extract<ParkedContent, { kind: Kind }>;
};

function isOf<Kind extends ParkedContent["kind"]>(kind: Kind) {
  return (line: IndexedLine): line is LineOf<Kind> => line.content.kind === kind;
}

function eventMessages(
  lines: readonly LineOf<"event">[],
  { tenantId, feedId }: ParkedFolder,
  areCounted: boolean,
): Made[] {
  const texts = lines.map(({ content, ...line }) => ({ ...line, text: queueText(content.text) }));
  const byMode = Map.groupBy(texts, ({ mode }) => mode);
  return [...byMode].flatMap(([mode, own]) => {
    const head = JSON.stringify({ version: 1, tenantId, feedId, mode }).slice(0, -1);
    return cut(own, ({ text }) => text, MAX_EVENTS_PER_MESSAGE).map((run) => {
      const events = run.map(({ text }) => text).join();
      const requeued = requeuedText(
        run.map(({ sentAtMs }) => sentAtMs),
        areCounted,
      );
      return { body: `${head},"events":[${events}],${requeued}}`, lines: run.map(({ index }) => index) };
    });
  });
}

function frozenMessages(
  lines: readonly LineOf<"batch">[],
  { tenantId = "", feedId = "" }: ParkedFolder,
  maxBatches: number,
): Made[] {
  const byRoute = Map.groupBy(lines, ({ content }) => content.route);
  return [...byRoute].flatMap(([route, own]) =>
    cut(own, ({ content }) => content.body, maxBatches).map((run) => {
      const batches = run.map(({ content, hours }) => ({ body: content.body, hours }));
      const message: FrozenMessage = { version: 1, tenantId, feedId, frozen: { route, batches } };
      return { body: queueText(JSON.stringify(message)), lines: run.map(({ index }) => index) };
    }),
  );
}

/** `requeued` goes into the text as its last field, and so before any field of that name of the sender's own. */
function bodyText({ content: { body }, sentAtMs }: LineOf<"body">): string {
  const events = readableEvents(body);
  if (events === undefined) return body;
  const requeued = requeuedText(Array(events).fill(sentAtMs), false);
  const told = `${body.slice(0, body.lastIndexOf("}"))},${requeued}}`;
  return Buffer.byteLength(told) <= MAX_MESSAGE_BYTES ? told : body;
}

/** Events of a message of the contract; undefined: the body is none. */
function readableEvents(body: string): number | undefined {
  try {
    const message: unknown = JSON.parse(body);
    return checkMessage(message) ? undefined : (message as Message).events.length;
  } catch {
    return undefined;
  }
}

function requeuedText(sentAtMs: number[], counted: boolean): string {
  return `"requeued":${JSON.stringify({ sentAtMs, counted } satisfies Requeued)}`;
}

function cut<Line>(lines: readonly Line[], textOf: (line: Line) => string, maxItems: number): Line[][] {
  const bytes = lines.map((line) => Buffer.byteLength(textOf(line)));
  return fillInOrder(bytes, { maxBytes: TARGET_BYTES, maxItems }).map(({ start, end }) =>
    lines.slice(start, end),
  );
}
