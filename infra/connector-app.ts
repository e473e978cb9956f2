import type { App } from "aws-cdk-lib";
import { OpsStack } from "./ops-stack.ts";
import { ServiceStack } from "./service-stack.ts";
import type { Stage } from "./stages.ts";
import { StateStack } from "./state-stack.ts";

export interface ConnectorStacks {
  readonly state: StateStack;
  readonly service: ServiceStack;
  readonly ops: OpsStack;
}

/** The three stacks of one stage, for whatever account and region they are deployed to. */
export function addConnector(app: App, stage: Stage): ConnectorStacks {
  const name = (part: string) => `partner-feed-connector-${stage.name}-${part}`;
  const state = new StateStack(app, name("state"), {
    stage,
    description: "Partner feed connector: queues, tenant table, bucket and key",
  });
  const service = new ServiceStack(app, name("service"), {
    stage,
    state,
    description: "Partner feed connector: functions and what triggers them",
  });
  const ops = new OpsStack(app, name("ops"), {
    stage,
    live: { lane: "live", ingest: state.queues.live, deliverEvents: service.deliverEvents.live },
    backfill: {
      lane: "backfill",
      ingest: state.queues.backfill,
      deliverEvents: service.deliverEvents.backfill,
    },
    releaseHeld: service.releaseHeld,
    checkLedger: service.checkLedger,
    onboarding: service.onboarding,
    description: "Partner feed connector: alarms, dashboard and notification topic",
  });
  return { state, service, ops };
}
