/** Rules of a mapping that no event reaches. */
import type { Remark } from "../../../shared/api/remark.schema.ts";
import type { Mapping } from "../../../shared/core/mapping/mapping.schema.ts";
import { comparedName, patternTest, prefixTest } from "../../../shared/core/mapping/match-name.ts";

type Rule = Mapping["rules"][number];

/** Characters compared in all: a document of long patterns could take seconds, and goes without remarks then. */
const MAX_COMPARED = 20_000_000;

/** Calls that have no name. */
const NAMELESS: ReadonlySet<string | undefined> = new Set(["identify", "group", "alias"]);

/** One remark on each rule that hides others, at the first of these, and on each that names calls without a name. */
export function ruleRemarks(rules: readonly Rule[]): Remark[] {
  const hidden = hiddenRules(rules);
  const unreached = Array.from(hidden, ([by, [first, ...others]]): Remark => {
    const rest = others.length === 0 ? "" : `, and those of ${others.length} more after it`;
    const message = `is never reached: /mapping/rules/${by} names its events first${rest}`;
    return { pointer: `/mapping/rules/${first}`, code: "rule_unreached", message };
  });
  const eventless = rules.flatMap(({ event, type }, i): Remark[] => {
    if (!isEventless({ event, type })) return [];
    const message = `names no event: calls of type ${type} have no name`;
    return [{ pointer: `/mapping/rules/${i}/event`, code: "rule_without_events", message }];
  });
  return [...unreached, ...eventless];
}

function isEventless({ event, type }: Pick<Rule, "event" | "type">): boolean {
  return event !== undefined && NAMELESS.has(type);
}

interface Taker {
  readonly rule: Rule;
  readonly index: number;
  /** All must hold, so that a rule with the same and more means fewer events. */
  readonly conditions: readonly string[];
}

/** Rules that are never reached, by the first rule that takes all their events. */
function hiddenRules(rules: readonly Rule[]): Map<number, number[]> {
  const hidden = new Map<number, number[]>();
  const takers: Taker[] = [];
  const budget = { left: MAX_COMPARED };
  for (const [index, rule] of rules.entries()) {
    if (isEventless(rule)) continue;
    const conditions = (rule.when ?? []).map((condition) => JSON.stringify(condition));
    const all = new Set(conditions);
    const by = takers.find(
      (taker) => taker.conditions.every((one) => all.has(one)) && takesAllOf(taker.rule, rule, budget),
    )?.index;
    if (by !== undefined) hidden.set(by, [...(hidden.get(by) ?? []), index]);
    // What is hidden itself hides nothing that its own taker does not.
    else takers.push({ rule, index, conditions });
  }
  return budget.left > 0 ? hidden : new Map();
}

/** Whether a rule means all events that another one means, conditions apart. False where that cannot be told. */
function takesAllOf(rule: Rule, other: Rule, budget: { left: number }): boolean {
  const { type = "track" } = rule;
  if (type !== "any" && type !== (other.type ?? "track")) return false;
  if (rule.event === undefined) return true;
  if (other.event === undefined || budget.left <= 0) return false;
  budget.left -= costOf(rule.event, other.event);
  return namesAllOf(rule.event, other.event);
}

type EventName = NonNullable<Rule["event"]>;

function namesAllOf(event: EventName, other: EventName): boolean {
  if (typeof event === "string")
    return typeof other === "string" && comparedName(event) === comparedName(other);
  const { matches } =
    event.prefix === undefined ? patternTest(event.pattern ?? "") : prefixTest(event.prefix);
  if (typeof other === "string") return matches(comparedName(other));
  const isOpen = event.prefix !== undefined || event.pattern?.trim().endsWith("*") === true;
  // What takes the beginning itself, and any rest, takes all that begins so.
  if (other.prefix !== undefined) return isOpen && matches(other.prefix.trimStart().toLowerCase());
  const pattern = (other.pattern ?? "").trim().toLowerCase();
  if (event.prefix !== undefined) return matches(pattern.replace(/[*?].*$/s, ""));
  // Read as text, the other pattern stands for all its names, unless one character is to match its star.
  if (event.pattern?.includes("?")) return event.pattern.trim().toLowerCase() === pattern;
  return matches(pattern);
}

function costOf(event: EventName, other: EventName): number {
  if (typeof event === "string" || event.pattern === undefined) return 1;
  return (
    event.pattern.length * (typeof other === "string" ? other : (other.prefix ?? other.pattern ?? "")).length
  );
}
