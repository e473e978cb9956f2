import { exampleTenants } from "../examples/examples.ts";
import type { RequestLine } from "../stand-in/request-line.ts";
import { type StandIn, startStandIn } from "../stand-in/stand-in.ts";
import { arrivalsOf } from "./arrivals.ts";
import type { Checks } from "./checks.ts";
import { deploy, setRedrivePolicies } from "./deploy.ts";
import { DeployedConnector } from "./deployed-connector.ts";
import { type MiniStack, startMiniStack } from "./ministack.ts";
import { referenceRun } from "./reference-run.ts";
import { backfillScenario } from "./scenario-backfill.ts";
import { connectPageScenario, TYPED_IN } from "./scenario-connect-page.ts";
import { examplesScenario } from "./scenario-examples.ts";
import { feedctlScenario } from "./scenario-feedctl.ts";
import { onboardingScenario } from "./scenario-onboarding.ts";
import { refusedKeyScenario } from "./scenario-refused-key.ts";
import { replayScenario } from "./scenario-replay.ts";
import { throttledScenario } from "./scenario-throttled.ts";
import type { World } from "./world.ts";

export interface DeployedTestOptions {
  /** The emulator's command. */
  readonly ministack: string;
  /** An empty directory that takes all files; removed by the caller. */
  readonly workDir: string;
  readonly checks: Checks;
  readonly progress: (line: string) => void;
}

/** Deploys the connector to a fresh emulator, plays every scenario through it and ends what it started. */
export async function deployedTest({
  ministack,
  workDir,
  checks,
  progress,
}: DeployedTestOptions): Promise<void> {
  const requests: RequestLine[] = [];
  const tenants = exampleTenants();
  const standIn = await startStandIn({
    feeds: tenants.flatMap(({ feeds }) =>
      feeds.map(({ apiKey, apiSecret, kind = "partner" }) => ({ apiKey, apiSecret, kind })),
    ),
    onRequest: (line) => requests.push(line),
  });
  let aws: MiniStack | undefined;
  try {
    progress("Starting the AWS emulator");
    aws = await startMiniStack(ministack, workDir);
    await playScenarios({ aws, standIn, requests, workDir, checks, progress });
    checkLog(aws.log(), checks);
  } finally {
    progress("Tearing down");
    await aws?.stop();
    await standIn.close();
  }
}

interface Stage extends Omit<DeployedTestOptions, "ministack"> {
  readonly aws: MiniStack;
  readonly standIn: StandIn;
  readonly requests: RequestLine[];
}

async function playScenarios({ aws, standIn, requests, workDir, checks, progress }: Stage): Promise<void> {
  progress("Deploying the state and service stacks with cdk");
  const outputs = await deploy(aws, { workDir, partnerUrl: `${standIn.url}/s2s/v2` });
  const connector = new DeployedConnector(aws, outputs);
  try {
    await setRedrivePolicies(connector.sqs, outputs, workDir);
    const tenants = exampleTenants();
    progress("Onboarding through the deployed API");
    for (const tenant of tenants) await connector.onboard(tenant);
    const world: World = { connector, standIn, requests, checks };
    await onboardingScenario(world, tenants);
    progress("Keys through the deployed connect page");
    await connectPageScenario(world);
    // The tests of keys are none of what is compared below.
    standIn.beginAnew();
    requests.length = 0;
    const [first, second] = tenants;
    if (!first || !second) throw new Error("The examples name two tenants");

    const nowMs = Date.now();
    progress("The examples through the local run, for comparison");
    const reference = arrivalsOf(await referenceRun(nowMs, workDir), nowMs);
    progress("The examples through the deployed connector");
    await examplesScenario(world, nowMs, reference);
    progress("A spell of throttling");
    await throttledScenario(world, first);
    progress("Backfill");
    await backfillScenario(world, first);
    progress("A refused key");
    await refusedKeyScenario(world, second);
    progress("Rejected events, replayed");
    await replayScenario(world, first);
    progress("feedctl");
    await feedctlScenario(world);
    await connector.checkLedger();
  } finally {
    connector.close();
  }
}

/** What the deployed functions wrote: their metrics, and no key. */
function checkLog(log: string, checks: Checks): void {
  const credentials = [
    ...exampleTenants().flatMap(({ feeds }) => feeds.flatMap(({ apiKey, apiSecret }) => [apiKey, apiSecret])),
    ...Object.values(TYPED_IN),
  ];
  checks.equal("the connector reports its metrics", log.includes('"EventsDelivered"'), true);
  checks.equal("its ledger adds up", log.match(/"LedgerImbalance":\d+/g), ['"LedgerImbalance":0']);
  checks.equal(
    "no key or secret is in its log",
    credentials.filter((text) => log.includes(text)),
    [],
  );
}
