import type { Account } from "./census.ts";
import { type Cost, costOf } from "./cost.ts";
import { type Figures, figuresOf, type Latency } from "./figures.ts";
import { type Run, run } from "./run.ts";
import type { Scenario } from "./scenario.ts";

export interface Result extends Figures {
  readonly name: string;
  readonly about: string;
  readonly isTarget: boolean;
  /** Latency of those that the scenario compares, in the run and in its twin, and the one's p99 over the other's. */
  readonly compared: (Record<"disturbed" | "alone", Latency> & { readonly p99Ratio: number }) | undefined;
  /** Of the twin. */
  readonly twinAccount: Account | undefined;
  readonly twinCostPerMillion: Cost | undefined;
  /** Of real time. */
  readonly seconds: number;
}

/** Runs a scenario, and its twin. */
export async function runScenario({
  name,
  about,
  plan,
  twin,
  compares,
  isTarget,
}: Scenario): Promise<Result> {
  const startedAt = performance.now();
  const figures = figuresOf(await run(plan));
  const alone = twin && (await run(twin));
  const twinAccount = alone?.census.account();
  const disturbed = compares === "feed" ? figures.feeds[0]?.latency : figures.quiet;
  const undisturbed = alone && latencyIn(alone, compares);
  return {
    name,
    about,
    isTarget,
    ...figures,
    compared: disturbed &&
      undisturbed && {
        disturbed,
        alone: undisturbed,
        p99Ratio: (disturbed.p99Ms ?? Number.POSITIVE_INFINITY) / (undisturbed.p99Ms ?? 0),
      },
    twinAccount,
    twinCostPerMillion: alone && costOf(alone.usage, 1e6 / Math.max(1, twinAccount?.sent ?? 0)),
    seconds: (performance.now() - startedAt) / 1000,
  };
}

function latencyIn({ latencies, quietLatency }: Run, compares: Scenario["compares"]): Latency {
  const samples = (compares === "feed" ? latencies[0] : undefined) ?? quietLatency;
  return { p50Ms: samples.percentile(0.5), p99Ms: samples.percentile(0.99) };
}
