import type { ChaosOptions } from "./options.ts";
import type { Result } from "./result.ts";
import { type RunOptions, runScenario, trafficOf } from "./run-scenario.ts";
import type { Scenario } from "./scenario.ts";
import { CALM } from "./scenarios.ts";

/** A result with how much slower quiet tenants were than in the same run without the fault. */
export interface ComparedResult extends Result {
  /** Undefined: there is nothing to compare with, or everyone was hit. */
  readonly quietP50Ratio: number | undefined;
  readonly quietP99Ratio: number | undefined;
}

export interface Progress {
  started(scenario: Scenario, runs: { readonly done: number; readonly all: number }): void;
  ended(result: ComparedResult): void;
}

/** Runs scenarios one after the other: side by side they would be each other's fault. @returns what ended before the stop. */
export async function runAll(
  { scenarios, isCompared, seed, withheld }: ChaosOptions,
  { onLog, stopped }: Pick<RunOptions, "onLog" | "stopped">,
  progress: Progress,
): Promise<ComparedResult[]> {
  const options = { seed, withheld, onLog, stopped };
  const calm = new Map<string, Result>();
  const results: ComparedResult[] = [];
  try {
    for (const scenario of scenarios) {
      progress.started(scenario, { done: results.length, all: scenarios.length });
      const comparison = isCompared && scenario.sparesQuietTenants ? comparisonFor(scenario) : undefined;
      const known = comparison && calm.get(keyOf(comparison));
      const without = known ?? (comparison && (await runScenario(comparison, { ...options, withheld: 0 })));
      if (comparison && without) calm.set(keyOf(comparison), without);
      const result = await runScenario(scenario, options);
      if (scenario === CALM) calm.set(keyOf(CALM), result);
      const compared = compare(result, without);
      results.push(compared);
      progress.ended(compared);
    }
  } catch (error) {
    if (!stopped.aborted) throw error;
  }
  return results;
}

/** The same traffic at the same speed of time, with nothing going wrong. */
function comparisonFor({ traffic, comparedWith = traffic, surroundings }: Scenario): Scenario {
  const { timeScale, env, workers } = surroundings ?? {};
  return {
    ...CALM,
    ...(comparedWith && { traffic: comparedWith }),
    surroundings: {
      ...(timeScale !== undefined && { timeScale }),
      ...(env && { env }),
      ...(workers !== undefined && { workers }),
    },
  };
}

/** Equal for runs that are the same. */
function keyOf({ traffic, surroundings = {} }: Scenario): string {
  return JSON.stringify([trafficOf(traffic), surroundings]);
}

function compare(result: Result, without: Result | undefined): ComparedResult {
  return {
    ...result,
    quietP50Ratio: ratio(result.quiet.p50Ms, without?.quiet.p50Ms),
    quietP99Ratio: ratio(result.quiet.p99Ms, without?.quiet.p99Ms),
  };
}

function ratio(ms: number | undefined, withoutMs: number | undefined): number | undefined {
  return ms === undefined || withoutMs === undefined ? undefined : ms / withoutMs;
}
