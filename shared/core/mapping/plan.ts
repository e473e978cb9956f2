/** Mapping documents, compiled once each: what the conversion of an event asks. */
import { TRACK_RULES } from "../convert/event-table.ts";
import { withoutDollar } from "../convert/user-attributes.ts";
import type { SegmentEvent } from "../message.schema.ts";
import { type CompiledRule, compileRule } from "./compile-rule.ts";
import type { ValueScope } from "./compile-value.ts";
import type { Mapping, MappingDocument } from "./mapping.schema.ts";
import { MappingError } from "./mapping-error.ts";
import { comparedName, type NameTest } from "./match-name.ts";
import { type NameFilter, nameFilter } from "./name-filter.ts";
import { DATAFLY } from "./presets/datafly.ts";
import { WALKEROS } from "./presets/walkeros.ts";
import type { MappingRule, RuleMatch } from "./rule.ts";
import { compileSections, FIELD_SECTIONS, type Sections, STANDARD } from "./sections.ts";

/** The settings of a document, with its preset's where it has none of its own. */
export interface MappingSettings
  extends Pick<Mapping, "attributePrefix" | "nullTraits" | "email" | "lowerCaseEmail" | "phoneAsIdentity"> {
  readonly unmapped: "custom_event" | "drop" | "reject";
  readonly productTotals: boolean;
  /** Identities are read as walkerOS reads them. */
  readonly isWalkerOs: boolean;
  /** Names of attributes that may be sent; undefined: all. */
  readonly userAttributes: NameFilter | undefined;
  readonly customAttributes: NameFilter | undefined;
}

export interface MappingPlan {
  readonly settings: MappingSettings;
  readonly sections: Sections;
  /** Nothing is read from the event but what the Segment spec has: no scope is needed. */
  readonly isStandard: boolean;
  /** The rule that counts for an event; undefined: none names it. */
  ruleOf(event: SegmentEvent, scope: ValueScope): MappingRule | undefined;
}

/** The document of the `segment` preset is native code: see `convert/event-table.ts`, and its test for how both agree. */
const PRESET_DOCUMENTS = { segment: {}, datafly: DATAFLY, walkeros: WALKEROS } satisfies Record<
  Mapping["preset"],
  MappingDocument
>;

const plans = new WeakMap<Mapping, MappingPlan>();

/** What a rule's `commerce` may be laid over. */
const COMMERCE_KINDS: ReadonlySet<string | undefined> = new Set([
  "product_action",
  "promotion",
  "impression",
]);

/** The plan of a document; the same for the same object. @throws {MappingError} */
export function planOf(mapping: Mapping): MappingPlan {
  const known = plans.get(mapping);
  if (known) return known;
  const plan = compileMapping(mapping);
  plans.set(mapping, plan);
  return plan;
}

/** @throws {MappingError} with the place in the document that is wrong. */
export function compileMapping(mapping: Mapping): MappingPlan {
  const preset: MappingDocument = PRESET_DOCUMENTS[mapping.preset];
  const sections = compileSections(mapping, "", compileSections(preset, "preset."));
  const beneath = presetRules(mapping.preset);
  const rules = mapping.rules.map((rule, i) => compileRule(rule, `rules[${i}]`, sections));
  assertSize(rules);
  const own = new RuleIndex(rules.map((rule) => withNameBeneath(rule, beneath)));
  const { attributePrefix, nullTraits, email, lowerCaseEmail, phoneAsIdentity } = mapping;
  return {
    settings: {
      // The sign marks mParticle's own names.
      attributePrefix: withoutDollar(attributePrefix),
      nullTraits,
      email,
      lowerCaseEmail,
      phoneAsIdentity,
      unmapped: mapping.unmapped ?? preset.unmapped ?? "custom_event",
      productTotals: mapping.productTotals ?? preset.productTotals ?? true,
      isWalkerOs: mapping.preset === "walkeros",
      userAttributes: nameFilter(mapping.allowUserAttributes, mapping.denyUserAttributes, "UserAttributes"),
      customAttributes: nameFilter(
        mapping.allowCustomAttributes,
        mapping.denyCustomAttributes,
        "CustomAttributes",
      ),
    },
    sections,
    isStandard: own.isEmpty && Object.keys(sections).length === 0,
    ruleOf: (event, scope) => {
      if (own.isEmpty) return beneath.find(event, scope);
      const rule = own.find(event, scope);
      if (rule?.isIgnored || (rule?.target && rule.target.kind !== "commerce")) return rule;
      // A rule that says nothing of what the event becomes leaves that to the one beneath it.
      const lower = beneath.find(event, scope);
      if (!rule || !lower) return rule ?? lower;
      const isLaidOver = rule.target === undefined || COMMERCE_KINDS.has(lower.target?.kind);
      return isLaidOver ? { ...lower, ...rule, ...(lower.target && { target: lower.target }) } : rule;
    },
  };
}

/** Fields that all rules of a document may have, those of the document counted for each rule that changes some. */
const MAX_FIELDS_OF_RULES = 20_000;

function assertSize(rules: readonly CompiledRule[]): void {
  let fields = 0;
  for (const { rule } of rules)
    for (const name of FIELD_SECTIONS) fields += rule.sections?.[name]?.fields.size ?? 0;
  if (fields > MAX_FIELDS_OF_RULES)
    throw new MappingError(
      "rules",
      `must not have more than ${MAX_FIELDS_OF_RULES} fields in all, those of the document counted for each rule that changes some`,
    );
}

/** A rule that changes nothing but the type of a custom event leaves it the name that it has without the rule. */
function withNameBeneath(compiled: CompiledRule, beneath: RuleIndex): CompiledRule {
  const { rule, match } = compiled;
  const { target } = rule;
  if (target?.kind !== "custom" || target.name !== undefined || rule.name) return compiled;
  if (match.exact === undefined || match.type !== "track") return compiled;
  const lower = beneath.targetOf(match.exact);
  if (lower?.kind !== "custom" || lower.name === undefined) return compiled;
  return { match, rule: { ...rule, target: { ...target, name: lower.name } } };
}

/** Rules in their order, found by the exact name that most of them have. */
class RuleIndex {
  readonly #exact = new Map<string, Ordered[]>();
  readonly #others: Ordered[] = [];
  readonly isEmpty: boolean;

  constructor(rules: readonly CompiledRule[]) {
    this.isEmpty = rules.length === 0;
    for (const [order, { rule, match }] of rules.entries()) {
      const { exact } = match;
      if (exact === undefined) this.#others.push({ order, rule, match });
      else this.#exact.set(exact, [...(this.#exact.get(exact) ?? []), { order, rule, match }]);
    }
  }

  /** What the first rule of an exact name makes of it. */
  targetOf(exact: string): MappingRule["target"] {
    return this.#exact.get(exact)?.[0]?.rule.target;
  }

  /** The first rule that names an event. */
  find(event: SegmentEvent, scope: ValueScope): MappingRule | undefined {
    const given = nameOf(event);
    const name = given === undefined ? "" : comparedName(given);
    const named = name === "" ? undefined : this.#exact.get(name);
    const exact = named?.find(({ match }) => counts(match, event, scope));
    if (this.#others.length === 0) return exact?.rule;
    for (const { order, rule, match } of this.#others) {
      if (exact && exact.order < order) break;
      if (match.test && !isNamed(match.test, name, scope)) continue;
      if (counts(match, event, scope)) return rule;
    }
    return exact?.rule;
  }
}

/** Units compared for which one step is charged. */
const COMPARED_PER_STEP = 256;

function isNamed({ cost, matches }: NameTest, name: string, { budget }: ValueScope): boolean {
  if (name === "" || budget.left <= 0) return false;
  budget.left -= 1 + Math.floor((name.length * cost) / COMPARED_PER_STEP);
  return matches(name);
}

interface Ordered extends CompiledRule {
  readonly order: number;
}

function counts({ type, when }: RuleMatch, event: SegmentEvent, scope: ValueScope): boolean {
  return (type === "any" || type === event.type) && (when === undefined || when(scope));
}

/** What a rule's `event` is compared with; undefined: the call has no name. */
function nameOf(event: SegmentEvent): string | undefined {
  switch (event.type) {
    case "track":
      return event.event;
    case "page":
    case "screen":
      return event.name ?? undefined;
    default:
      return undefined;
  }
}

const presetIndexes = new Map<Mapping["preset"], RuleIndex>();

/** Presets say nothing of sections in their rules, so that all documents share these. */
function presetRules(preset: Mapping["preset"]): RuleIndex {
  const known = presetIndexes.get(preset);
  if (known) return known;
  const index = new RuleIndex(preset === "segment" ? nativeRules() : documentRules(preset));
  presetIndexes.set(preset, index);
  return index;
}

function documentRules(preset: Mapping["preset"]): CompiledRule[] {
  const { rules = [] }: MappingDocument = PRESET_DOCUMENTS[preset];
  return rules.map((rule) =>
    compileRule({ label: `${preset}: ${rule.event ?? rule.type}`, ...rule }, "preset", STANDARD),
  );
}

const CALLS = ["identify", "page", "screen", "group", "alias"] as const;

/** The Segment spec's track events, and its other calls, each as the spec has it. */
function nativeRules(): CompiledRule[] {
  const tracks = Array.from(
    TRACK_RULES,
    ([name, target]): CompiledRule => ({
      rule: { label: `segment: ${name}`, target },
      match: { type: "track", exact: name },
    }),
  );
  return [
    ...tracks,
    ...CALLS.map((type): CompiledRule => ({ rule: { label: `segment: ${type}` }, match: { type } })),
  ];
}
