import { mkdirSync, readFileSync } from "node:fs";
import { GetQueueAttributesCommand, SetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { MiniStack } from "./ministack.ts";
import { PROJECT } from "./paths.ts";
import { runCommand } from "./run-command.ts";

/** Outputs of the state and service stacks that the test uses. */
export interface DeployedOutputs {
  readonly QueueUrl: string;
  readonly DeadLetterQueueUrl: string;
  readonly BackfillQueueUrl: string;
  readonly BackfillDeadLetterQueueUrl: string;
  readonly TableName: string;
  readonly BucketName: string;
  readonly SecretPrefix: string;
  readonly CheckLedgerFunctionName: string;
  readonly OnboardingApiUrl: string;
}

const STACKS = ["partner-feed-connector-local-state", "partner-feed-connector-local-service"] as const;

/**
 * Bootstraps the emulated account and deploys state and service as they are, with the real CDK. The ops stack stays
 * out: the emulator knows no dashboards.
 */
export async function deploy(
  { env }: MiniStack,
  { workDir, partnerUrl }: { workDir: string; partnerUrl: string },
): Promise<DeployedOutputs> {
  // From an empty directory: in the project's, bootstrapping would run the app too.
  const empty = `${workDir}/bootstrap`;
  mkdirSync(empty);
  await runCommand("cdk", ["bootstrap", "aws://000000000000/us-east-1", "--no-notices"], { cwd: empty, env });

  const outputsFile = `${workDir}/outputs.json`;
  await runCommand(
    "cdk",
    [
      "deploy",
      ...STACKS,
      ...["--context", "stage=local", "--context", `partnerUrl=${partnerUrl}`],
      ...["--method", "direct", "--require-approval", "never", "--no-notices"],
      ...["--output", `${workDir}/cdk.out`, "--outputs-file", outputsFile],
    ],
    { cwd: PROJECT, env },
  );
  const outputs: Record<string, object> = JSON.parse(readFileSync(outputsFile, "utf8"));
  return Object.assign({}, ...STACKS.map((stack) => outputs[stack]));
}

/** Sets the redrive policies that the deployed template states: the emulator drops them when a stack creates the queues. */
export async function setRedrivePolicies(
  sqs: SQSClient,
  outputs: DeployedOutputs,
  workDir: string,
): Promise<void> {
  const { maxReceiveCount } = templateRedrivePolicy(workDir);
  for (const [queueUrl, deadLetterQueueUrl] of [
    [outputs.QueueUrl, outputs.DeadLetterQueueUrl],
    [outputs.BackfillQueueUrl, outputs.BackfillDeadLetterQueueUrl],
  ]) {
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: deadLetterQueueUrl, AttributeNames: ["QueueArn"] }),
    );
    const policy = { deadLetterTargetArn: Attributes?.["QueueArn"], maxReceiveCount };
    await sqs.send(
      new SetQueueAttributesCommand({
        QueueUrl: queueUrl,
        Attributes: { RedrivePolicy: JSON.stringify(policy) },
      }),
    );
  }
}

/** Both queues have the same. */
function templateRedrivePolicy(workDir: string): { maxReceiveCount: number } {
  const template = JSON.parse(readFileSync(`${workDir}/cdk.out/${STACKS[0]}.template.json`, "utf8"));
  const resources: { Properties?: { RedrivePolicy?: { maxReceiveCount: number } } }[] = Object.values(
    template.Resources,
  );
  const policy = resources
    .map(({ Properties }) => Properties?.RedrivePolicy)
    .find((found) => found !== undefined);
  if (!policy) throw new Error("The state stack's template has no redrive policy");
  return policy;
}
