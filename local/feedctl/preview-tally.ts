/** What previews of many events come to. */
import type { PreviewAnswer } from "../../shared/api/preview.schema.ts";

type Event = PreviewAnswer["events"][number];
type Finding = Event["findings"][number];

/** Places of a code that are counted; further ones are in its count alone. */
const MAX_PLACES = 1_000;

/** Places of a code that are told, those of the most events first. */
const TOLD_PLACES = 3;

export interface FilteredCount {
  readonly rule: string;
  readonly events: number;
  readonly why?: string | undefined;
}

/** Events with a finding of one code, their own or their batch's. */
export interface FindingCount {
  readonly code: string;
  readonly severity: string;
  readonly events: number;
  /** The first of them, from 1: its line in a file of rows, else its place among the events. */
  readonly first: number;
  /** In the event or batch, without positions in lists. */
  readonly places: readonly { readonly path: string; readonly events: number }[];
  /** Of the first of them. */
  readonly message?: string | undefined;
  readonly documentation?: string | undefined;
}

export interface PreviewSummary {
  readonly events: Readonly<Record<Event["ending"] | "total", number>>;
  readonly batches: { readonly live: number; readonly historical: number };
  readonly filtered: readonly FilteredCount[];
  /** Errors first, then what most events have. */
  readonly findings: readonly FindingCount[];
}

interface Counted {
  readonly finding: Finding;
  readonly first: number;
  events: number;
  readonly places: Map<string, number>;
}

const SEVERITIES = ["error", "warning", "info"];

/** Adds up answers, one after the other. What it keeps does not grow with them. */
export class PreviewTally {
  readonly #events = { total: 0, delivered: 0, filtered: 0, rejected: 0 };
  readonly #batches = { live: 0, historical: 0 };
  readonly #filtered = new Map<string, { events: number; why: string | undefined }>();
  readonly #findings = new Map<string, Counted>();

  get events(): PreviewSummary["events"] {
    return this.#events;
  }

  /** @param numbers - Of the events, where they are not just counted. */
  add({ events, batches }: PreviewAnswer, numbers: readonly number[] = []): void {
    for (const { route } of batches) this.#batches[route]++;
    const ofBatches = batchFindings({ events, batches });
    for (const [i, event] of events.entries()) {
      this.#events.total++;
      this.#events[event.ending]++;
      if (event.rule !== undefined) this.#addFiltered(event.rule, event.why);
      this.#addFindings([...event.findings, ...(ofBatches[i] ?? [])], numbers[i] ?? this.#events.total);
    }
  }

  summary(): PreviewSummary {
    const findings = Array.from(this.#findings.values(), ({ finding, first, events, places }) => {
      const { code, severity, message, documentation } = finding;
      return { code, severity, events, first, places: most(places), message, documentation };
    });
    return {
      events: { ...this.#events },
      batches: { ...this.#batches },
      filtered: Array.from(this.#filtered, ([rule, count]) => ({ rule, ...count })).sort(byEvents),
      findings: findings.sort((a, b) => rank(a) - rank(b) || byEvents(a, b)),
    };
  }

  #addFiltered(rule: string, why: string | undefined): void {
    const count = this.#filtered.get(rule);
    if (count) count.events++;
    else this.#filtered.set(rule, { events: 1, why });
  }

  /** An event counts once for a code, and once for each of its places. */
  #addFindings(findings: readonly Finding[], at: number): void {
    const found = new Set<Counted>();
    const seen = new Set<string>();
    for (const finding of findings) {
      const counted = this.#counted(finding, at);
      found.add(counted);
      const path = (finding.path ?? "").replace(/\[\d+\]/g, "[]");
      const key = `${finding.code} ${path}`;
      if (path === "" || seen.has(key)) continue;
      seen.add(key);
      const known = counted.places.get(path);
      if (known !== undefined || counted.places.size < MAX_PLACES) counted.places.set(path, (known ?? 0) + 1);
    }
    for (const counted of found) counted.events++;
  }

  #counted(finding: Finding, first: number): Counted {
    let counted = this.#findings.get(finding.code);
    if (!counted) {
      counted = { finding, first, events: 0, places: new Map() };
      this.#findings.set(finding.code, counted);
    }
    return counted;
  }
}

/** Findings of batches, event by event: one about an event inside belongs to the event that it was made of, others to all. */
function batchFindings({ events, batches }: PreviewAnswer): Finding[][] {
  const byEvent: Finding[][] = events.map(() => []);
  const sourcesOf: number[][] = batches.map(() => []);
  for (const [at, event] of events.entries()) for (const i of event.batches) sourcesOf[i]?.push(at);
  for (const [i, { findings, batch }] of batches.entries()) {
    const sources = sourcesOf[i] ?? [];
    for (const finding of findings) {
      const id = messageIdAt(batch, finding.path);
      const source = id === undefined ? undefined : sources.find((at) => events[at]?.messageId === id);
      for (const at of source === undefined ? sources : [source]) byEvent[at]?.push(finding);
    }
  }
  return byEvent;
}

/** Of the event that a path leads into; undefined: into none, or none that says. */
function messageIdAt(batch: Readonly<Record<string, unknown>>, path = ""): unknown {
  const index = /^events\[(\d+)\]/.exec(path)?.[1];
  const inside = Array.isArray(batch["events"]) ? batch["events"][Number(index)] : undefined;
  return inside?.data?.source_message_id;
}

function most(places: ReadonlyMap<string, number>) {
  return Array.from(places, ([path, events]) => ({ path, events }))
    .sort(byEvents)
    .slice(0, TOLD_PLACES);
}

function byEvents(a: { readonly events: number }, b: { readonly events: number }): number {
  return b.events - a.events;
}

function rank({ severity }: { readonly severity: string }): number {
  const index = SEVERITIES.indexOf(severity);
  return index < 0 ? SEVERITIES.length : index;
}
