/** What is wrong with the rules of a document beside their values, in more words than the compiler of delivery has. */
import { TRACK_RULES, trackRule } from "../../core/convert/event-table.ts";
import type { Mapping } from "../../core/mapping/mapping.schema.ts";
import type { Wrong } from "./check-value.ts";
import { nearestName } from "./nearest-name.ts";

type Rule = Mapping["rules"][number];

/** Of a document of the right shape. */
export function wrongInRules({ rules }: Mapping): Wrong[] {
  return rules.flatMap((rule, i) =>
    [wrongName(rule), wrongEvent(rule), uselessFields(rule)].flatMap((wrong) =>
      wrong ? [{ ...wrong, path: ["rules", i, ...wrong.path] }] : [],
    ),
  );
}

function wrongName({ event }: Rule): Wrong | undefined {
  if (typeof event !== "object") return undefined;
  const blank = (["prefix", "pattern"] as const).find((name) => event[name]?.trim() === "");
  return blank && { path: ["event", blank], message: "must not be blank" };
}

function wrongEvent({ as }: Rule): Wrong | undefined {
  if (as === undefined || trackRule(as)) return undefined;
  const nearest = nearestName(as, [...TRACK_RULES.keys()]);
  const hint = nearest === undefined ? "" : `: did you mean ${titled(nearest)}?`;
  return { path: ["as"], message: `must be the name of one of the Segment spec's events${hint}` };
}

/** What a rule may have of which nothing is sent: which events it means, and what people call it. */
const OF_IGNORED: ReadonlySet<string> = new Set(["event", "type", "when", "label", "ignore"]);

function uselessFields({ ignore, ...rule }: Rule): Wrong | undefined {
  const useless = Object.entries(rule).filter(
    ([name, given]) => given !== undefined && !OF_IGNORED.has(name),
  );
  if (!ignore || useless.length === 0) return undefined;
  const names = useless.map(([name]) => name).join(", ");
  return { path: ["ignore"], message: `must not stand beside ${names}: the event is not sent` };
}

/** As the Segment spec writes the names of events. */
function titled(name: string): string {
  return name.replaceAll(/\b(?!to\b|from\b)[a-z]/g, (letter) => letter.toUpperCase());
}
