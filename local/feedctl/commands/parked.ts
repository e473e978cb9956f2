import { Command } from "@commander-js/extra-typings";
import type { InputOf } from "../../../shared/api/types.ts";
import type { OnboardingClient } from "../../../shared/client/onboarding-client.ts";
import { type CountPage, type ParkedCount, readCounts } from "../api/parked-counts.ts";
import { feedId, tenantId } from "../input/ids.ts";
import { INSTANTS_HELP } from "../input/instants.ts";
import { period } from "../input/period.ts";
import type { Session } from "../session.ts";
import { counted } from "../show/counted.ts";
import { showParked } from "../show/parked.ts";

/** What tells the lists of the two endings apart. */
interface Listing<Entry extends ParkedCount> {
  readonly ending: "rejected" | "held";
  /** What a count is of, beside hour and feed. */
  readonly why: "code" | "cause";
  readonly operationId: "listRejected" | "listHeld";
  readonly read: (
    api: OnboardingClient,
    input: Pick<InputOf<"listRejected" | "listHeld">, "params" | "query">,
  ) => Promise<{ readonly body: CountPage<Entry> }>;
  readonly whyOf: (entry: Entry) => string;
}

export const rejected = (session: Session) =>
  listing(session, {
    ending: "rejected",
    why: "code",
    operationId: "listRejected",
    read: (api, input) => api.listRejected(input),
    whyOf: ({ code }) => code,
  });

export const held = (session: Session) =>
  listing(session, {
    ending: "held",
    why: "cause",
    operationId: "listHeld",
    read: (api, input) => api.listHeld(input),
    whyOf: ({ cause }) => cause,
  });

function listing<Entry extends ParkedCount>(
  session: Session,
  { ending, why, operationId, read, whyOf }: Listing<Entry>,
) {
  return new Command(ending)
    .description(
      `Count a tenant's ${ending} events by hour, feed and ${why}. Events themselves are never shown.`,
    )
    .argument("<tenant>", "the tenant's id", tenantId)
    .option("--from <instant>", `${ending} at or after this`, "24h")
    .option("--to <instant>", `${ending} before this`, "now")
    .option("--feed <id>", "one feed only", feedId)
    .option("--code <code>", `one ${why} only`)
    .addHelpText("after", `\n${INSTANTS_HELP}`)
    .action(async (tenantId, { feed, code, ...options }) => {
      const api = session.api();
      const query = {
        ...period(options, session.world.nowMs()),
        ...(feed !== undefined && { feedId: feed }),
        ...(code !== undefined && { code }),
      };
      const found = await readCounts(async (cursor) => {
        const { body } = await read(api, {
          params: { tenantId },
          query: { ...query, ...(cursor && { cursor }) },
        });
        return body;
      }, whyOf);
      session.answer(operationId, found, ({ counts }, paper) =>
        showParked(
          counts.map((count) => ({ ...count, why: whyOf(count) })),
          ending,
          why,
          paper,
        ),
      );
      if (found.unreadable > 0)
        session.note(
          `Could not be read: ${counted(found.unreadable, "object")}; the function's log has them.`,
        );
    });
}
