import { type Need, type TrackRule, trackRule } from "../convert/event-table.ts";
import { compileValue } from "./compile-value.ts";
import { compileConditions } from "./condition.ts";
import type { RuleDocument } from "./mapping.schema.ts";
import { MappingError } from "./mapping-error.ts";
import { comparedName, patternTest, prefixTest } from "./match-name.ts";
import type { MappingRule, RuleMatch, Target } from "./rule.ts";
import { compileSections, FIELD_SECTIONS, type Sections } from "./sections.ts";

type EventType = NonNullable<RuleDocument["eventType"]>;

/** Fields of a rule that belong to one type of event; naming one of them says the type. */
const FIELDS_OF: Readonly<Partial<Record<EventType, readonly (keyof RuleDocument)[]>>> = {
  custom_event: ["customEventType"],
  screen_view: ["activityType"],
  commerce_event: ["action", "promotion", "impression", "requires", "checkoutStep", "commerce"],
  application_state_transition: ["transition", "firstRun", "upgrade"],
  push_message: ["push"],
};

/** What actions cannot do without where a rule does not say it; the others need a product. */
const NEEDS: Readonly<Record<string, Need>> = {
  purchase: "product_or_order",
  refund: "product_or_order",
  checkout: "product_or_order",
  checkout_option: "nothing",
};

export interface CompiledRule {
  readonly rule: MappingRule;
  readonly match: RuleMatch;
}

/** Compiles a rule over the sections that count without it. @throws {MappingError} */
export function compileRule(given: RuleDocument, place: string, below: Sections): CompiledRule {
  const target = targetOf(given, place);
  assertIsUsed(given, target, place);
  const name = nameReader(given.name, target, `${place}.name`);
  const hasSections = [...FIELD_SECTIONS, "ip" as const, "sourceRequestId" as const].some(
    (section) => given[section] !== undefined,
  );
  const rule: MappingRule = {
    label: given.label ?? place,
    ...(given.ignore && { isIgnored: true }),
    ...(target && { target }),
    ...(name && { name }),
    ...(given.commerce != null && { commerce: compileValue(given.commerce, `${place}.commerce`) }),
    ...(given.activityType != null && {
      activityType: compileValue(given.activityType, `${place}.activityType`),
    }),
    ...(hasSections && { sections: compileSections(given, `${place}.`, below) }),
  };
  return { rule, match: matchOf(given, place) };
}

function matchOf({ event, type = "track", when }: RuleDocument, place: string): RuleMatch {
  return {
    type,
    ...(event !== undefined && nameMatch(event, `${place}.event`)),
    ...(when && when.length > 0 && { when: compileConditions(when, `${place}.when`) }),
  };
}

function nameMatch(
  event: NonNullable<RuleDocument["event"]>,
  place: string,
): Pick<RuleMatch, "exact" | "test"> {
  if (typeof event === "string") {
    const exact = comparedName(event);
    if (exact === "") throw new MappingError(place, "must not be blank");
    return { exact };
  }
  const { prefix, pattern } = event;
  if ((prefix === undefined) === (pattern === undefined))
    throw new MappingError(place, "must have one of prefix and pattern, and only one");
  if ((prefix ?? pattern ?? "").trim() === "") throw new MappingError(place, "must not be blank");
  return { test: prefix === undefined ? patternTest(pattern ?? "") : prefixTest(prefix) };
}

/** Targets whose events have no name of their own. */
const NAMELESS: ReadonlySet<string> = new Set([
  "transition",
  "application_opened",
  "uninstall",
  "crash",
  "profile",
]);

/** Refuses what would be without effect: it was meant to have one. */
function assertIsUsed({ ignore, name }: RuleDocument, target: Target | undefined, place: string): void {
  if (ignore && target)
    throw new MappingError(`${place}.ignore`, "must not stand beside what the event becomes");
  if (name !== undefined && target && NAMELESS.has(target.kind))
    throw new MappingError(`${place}.name`, "must not stand beside a type of event that has no name");
}

/** A fixed name belongs to the target where that has one. */
function nameReader(
  name: RuleDocument["name"],
  target: Target | undefined,
  place: string,
): MappingRule["name"] {
  if (name === undefined || isFixedName(name, target)) return undefined;
  if (typeof name === "string") return () => name;
  if (Array.isArray(name)) throw new MappingError(place, "must be text, or an object that gives some");
  return compileValue(name, place);
}

function isFixedName(name: RuleDocument["name"], target: Target | undefined): name is string {
  return typeof name === "string" && target?.kind === "custom";
}

function targetOf(given: RuleDocument, place: string): Target | undefined {
  const eventType = eventTypeOf(given, place);
  if (given.as !== undefined) {
    if (eventType !== undefined)
      throw new MappingError(`${place}.as`, `must not stand beside what makes it a ${eventType}`);
    const rule = trackRule(given.as);
    if (!rule) throw new MappingError(`${place}.as`, "must be the name of one of the Segment spec's events");
    return rule.kind === "custom" && typeof given.name === "string" ? { ...rule, name: given.name } : rule;
  }
  switch (eventType) {
    case undefined:
      return undefined;
    case "profile":
      return { kind: "profile" };
    case "screen_view":
      return { kind: "screen" };
    case "uninstall":
      return { kind: "uninstall" };
    case "crash_report":
      return { kind: "crash" };
    case "custom_event": {
      const type = given.customEventType ?? "other";
      return typeof given.name === "string"
        ? { kind: "custom", type, name: given.name }
        : { kind: "custom", type };
    }
    case "push_message":
      return { kind: "push", type: given.push ?? "received" };
    case "application_state_transition": {
      const { transition, firstRun, upgrade } = given;
      if (transition === undefined) throw new MappingError(`${place}.transition`, "is required");
      return { kind: "transition", transition, ...(firstRun && { firstRun }), ...(upgrade && { upgrade }) };
    }
    case "commerce_event":
      return commerceTarget(given, place);
  }
}

/** mParticle takes exactly one kind of commerce event. */
function commerceTarget(given: RuleDocument, place: string): Target {
  const { action, promotion, impression, requires, checkoutStep, commerce } = given;
  const kinds: (TrackRule | undefined)[] = [
    action && {
      kind: "product_action",
      action,
      needs: requires ?? NEEDS[action] ?? "product",
      ...(checkoutStep && { checkout: true }),
    },
    promotion && { kind: "promotion", action: promotion },
    impression ? { kind: "impression" } : undefined,
  ];
  const [kind, other] = kinds.filter((one) => one !== undefined);
  if (other) throw new MappingError(place, "must have only one of action, promotion and impression");
  if (action === undefined && (requires !== undefined || checkoutStep))
    throw new MappingError(`${place}.action`, "is required");
  if (kind) return kind;
  if (commerce == null)
    throw new MappingError(place, "must have one of action, promotion, impression and commerce");
  return { kind: "commerce" };
}

/** As the rule says, or as the fields mean that it has. */
function eventTypeOf(given: RuleDocument, place: string): EventType | undefined {
  let type: EventType | undefined = given.eventType;
  for (const [owner, fields] of Object.entries(FIELDS_OF) as [EventType, readonly (keyof RuleDocument)[]][]) {
    const field = fields.find((name) => given[name] !== undefined);
    if (field === undefined) continue;
    if (type !== undefined && type !== owner)
      throw new MappingError(
        `${place}.${field}`,
        `belongs to the event type ${owner}, but the rule makes ${type}`,
      );
    type = owner;
  }
  return type;
}
