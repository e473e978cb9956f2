/** What is shared about the flow to one feed: one item in the table, `sk` = `flow#<feedId>`. Instants are epoch milliseconds. */
import * as z from "zod";

export const LaneSchema = z.enum(["live", "backfill"]);

/** Batches that may be sent from an instant on. */
export const GrantSchema = z.object({ atMs: z.number(), batches: z.int().min(1), lane: LaneSchema });

/** Messages of one lane that wait, hidden in the queue, for their turn. */
export const LineSchema = z.object({
  /** When the last place in the line is due. */
  untilMs: z.number(),
  /** When those are due that had a place before and found no room when it came: they go before the rest of the line. */
  returningUntilMs: z.number(),
  /** Messages in the line at `countedAtMs`; from then on it empties evenly until `untilMs`. */
  messages: z.number().min(0),
  countedAtMs: z.number(),
  /** When the line was too long and events went to the bucket; 0: none of them lies there any more. */
  spilledAtMs: z.number(),
});

export const FlowStateSchema = z.object({
  /** Batches a second that are let through. */
  rate: z.number().min(0),
  /** Milliseconds by which the window of the rate is longer than a second. */
  marginMs: z.number().min(0),
  /** When the rate last changed. */
  rateAtMs: z.number(),
  /** When a 429 last lowered it. What was sent before does not lower it again. */
  loweredAtMs: z.number(),
  /** The feed's limit in batches a second as its answers told; 0: not known. */
  limit: z.number().min(0),
  /** When an answer last told the share of it in use, and when one last said that all of it is. */
  toldAtMs: z.number(),
  fullAtMs: z.number(),
  /** The rate that met a 429, and when; 0: none. */
  ceiling: z.number().min(0),
  ceilingAtMs: z.number(),
  /** In the order of their instants: those of the last seconds, which still count, and those to come. */
  grants: z.array(GrantSchema),
  /** Nothing is sent before. */
  blockedUntilMs: z.number(),
  /** 429s in a row that named no time to wait. */
  throttles: z.int().min(0),
  /** Requests in a row that were not answered, or with a 5xx. */
  failures: z.int().min(0),
  /** When the circuit opened, or its last probe failed. */
  openedAtMs: z.number(),
  /** While the circuit is open: when the next probe may be sent. */
  probeAtMs: z.number(),
  /** When live traffic last had to wait. */
  liveWaitedAtMs: z.number(),
  lines: z.object({ live: LineSchema, backfill: LineSchema }),
});

export type Lane = z.infer<typeof LaneSchema>;
export type Grant = Readonly<z.infer<typeof GrantSchema>>;
export type Line = Readonly<z.infer<typeof LineSchema>>;
export type FlowState = Readonly<
  Omit<z.infer<typeof FlowStateSchema>, "grants" | "lines"> & {
    readonly grants: readonly Grant[];
    readonly lines: Readonly<Record<Lane, Line>>;
  }
>;
