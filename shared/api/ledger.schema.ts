/** A tenant's ledger: where its events are, by feed and hour. */
import * as z from "zod";
import { CountSchema, FeedFilterParam, HourSchema, InstantParam } from "./common.schema.ts";

/** Days that one answer may be about. */
export const MAX_LEDGER_DAYS = 7;

export const LedgerQuerySchema = z.strictObject({
  from: InstantParam.meta({ description: "The hour of sending that this lies in, and later ones." }),
  to: InstantParam.meta({
    description: `Up to the hour that this lies in; at most ${MAX_LEDGER_DAYS} days after \`from\`.`,
  }),
  feedId: FeedFilterParam,
});

const balance = {
  received: z.int(),
  delivered: z.int(),
  filtered: z.int(),
  rejected: CountSchema.meta({ description: "In the bucket now." }),
  held: CountSchema.meta({ description: "In the bucket now." }),
  inProgress: CountSchema.meta({ description: "On the queue, or being worked on." }),
  uncounted: CountSchema.meta({ description: "Of `received`: those whose receipt nobody could write down." }),
  addsUp: z.boolean(),
};

export const LedgerAnswerSchema = z
  .object({
    accounts: z.array(
      z.object({
        feedId: z.string().optional().meta({ description: "Absent: the feed could not be told." }),
        hour: HourSchema,
        ...balance,
      }),
    ),
    total: z.object(balance),
  })
  .meta({ id: "Ledger" });

export type LedgerQuery = z.output<typeof LedgerQuerySchema>;
export type LedgerAnswer = z.output<typeof LedgerAnswerSchema>;
