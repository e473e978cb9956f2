import { CfnOutput, Stack, type StackProps } from "aws-cdk-lib";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import type { Lane } from "../shared/core/flow/flow-state.schema.ts";
import type { OnboardingFunctions } from "./alarms/onboarding-alarms.ts";
import { OnboardingGateway } from "./constructs/onboarding-gateway.ts";
import { RefusedFeedEvents } from "./constructs/refused-feed-events.ts";
import { CheckLedger } from "./functions/check-ledger.ts";
import { ConnectPage } from "./functions/connect-page.ts";
import { DeliverEvents } from "./functions/deliver-events.ts";
import { OnboardingApi } from "./functions/onboarding-api.ts";
import { OnboardingUpkeep } from "./functions/onboarding-upkeep.ts";
import { ReleaseHeld } from "./functions/release-held.ts";
import { ReplayRejected } from "./functions/replay-rejected.ts";
import { VerifyFeed } from "./functions/verify-feed.ts";
import type { Stage } from "./stages.ts";
import type { StateStack } from "./state-stack.ts";

export interface ServiceStackProps extends StackProps {
  readonly stage: Stage;
  readonly state: StateStack;
}

/** What moves events and watches over them: functions, what triggers them, and the pipe. Holds no data. */
export class ServiceStack extends Stack {
  readonly deliverEvents: Readonly<Record<Lane, LambdaFunction>>;
  readonly releaseHeld: LambdaFunction;
  readonly checkLedger: LambdaFunction;
  readonly onboarding: OnboardingFunctions;

  constructor(scope: Construct, id: string, { stage, state, ...props }: ServiceStackProps) {
    super(scope, id, props);
    this.deliverEvents = {
      live: new DeliverEvents(this, "Live", { stage, state, lane: "live" }).function,
      backfill: new DeliverEvents(this, "Backfill", { stage, state, lane: "backfill" }).function,
    };
    this.releaseHeld = new ReleaseHeld(this, "Release", { stage, state }).function;
    const replayRejected = new ReplayRejected(this, "Replay", { stage, state }).function;
    this.checkLedger = new CheckLedger(this, "Check", { stage, state }).function;
    const verifyFeed = new VerifyFeed(this, "Verify", { stage, state }).function;
    const upkeep = new OnboardingUpkeep(this, "Upkeep", { stage, state }).function;
    const api = new OnboardingApi(this, "Onboarding", { stage, state, verifyFeed, replayRejected }).function;
    const page = new ConnectPage(this, "Connect", { stage, state }).function;
    this.onboarding = { api, page, verifyFeed, upkeep };
    const { jwt, throttle } = stage.onboarding;
    const gateway = new OnboardingGateway(this, "OnboardingGateway", {
      description: `Partner feed connector: onboarding (${stage.name})`,
      api,
      page,
      jwt,
      throttle,
      logRetention: stage.logRetention,
    });
    new RefusedFeedEvents(this, "RefusedFeeds", { table: state.table, encryptionKey: state.key });

    const functions = {
      FunctionName: this.deliverEvents.live,
      BackfillFunctionName: this.deliverEvents.backfill,
      ReleaseHeldFunctionName: this.releaseHeld,
      ReplayRejectedFunctionName: replayRejected,
      CheckLedgerFunctionName: this.checkLedger,
      OnboardingApiFunctionName: api,
      ConnectPageFunctionName: page,
      OnboardingUpkeepFunctionName: upkeep,
    };
    for (const [output, { functionName }] of Object.entries(functions))
      new CfnOutput(this, output, { value: functionName });
    new CfnOutput(this, "OnboardingApiUrl", {
      value: gateway.url,
      description: "Where /v1 and /connect begin",
    });
  }
}
