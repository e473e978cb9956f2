/** How many different names a feed's events and screens have had. */
import * as z from "zod";
import { MANY_EVENT_NAMES, MAX_COUNTED_NAMES, MAX_EVENT_NAMES } from "../core/event-names.ts";
import { CountSchema } from "./common.schema.ts";

export const EventNamesAnswerSchema = z
  .object({
    count: CountSchema.meta({
      description:
        "Different names of events and of screens, since the feed was created or its count was reset.",
      example: 214,
    }),
    isComplete: z.boolean().meta({
      description: `false: the count stopped, at ${MAX_COUNTED_NAMES}; there may be more names.`,
    }),
    warningAt: CountSchema.meta({
      description: "From so many on an alarm warns of the feed.",
      example: MANY_EVENT_NAMES,
    }),
    limit: CountSchema.meta({
      description: "What mParticle takes from a workspace, all of its inputs together.",
      example: MAX_EVENT_NAMES,
    }),
    state: z.enum(["fine", "many", "past_limit"]).meta({
      description: "many: `warningAt` is reached. past_limit: this feed alone has had more than `limit`.",
    }),
    meaning: z.string().meta({ description: "The same in plain words, with what to do." }),
  })
  .meta({ id: "EventNames" });

export type EventNamesAnswer = z.output<typeof EventNamesAnswerSchema>;
