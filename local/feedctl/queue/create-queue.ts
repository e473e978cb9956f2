import type { SendDeps } from "../../../shared/publish/send-messages.ts";
import { UsageError } from "../../start/usage-error.ts";
import type { Session } from "../session.ts";

/** What sends to a queue, with the AWS SDK's own chain of credentials or `--profile`. @throws {UsageError} */
export async function createQueue(queueUrl: string, { options, world: { env } }: Session): Promise<SendDeps> {
  const { hostname, origin } = new URL(queueUrl);
  const named = /^sqs\.([a-z0-9-]+)\.amazonaws\.com/.exec(hostname)?.[1];
  const region = options.region ?? named ?? env["AWS_REGION"] ?? env["AWS_DEFAULT_REGION"];
  if (region === undefined) throw new UsageError("the queue's region is not known: tell it by --region");
  // Loaded when they are needed: they are larger than all of feedctl.
  const [{ SQSClient }, { fromNodeProviderChain }] = await Promise.all([
    import("@aws-sdk/client-sqs"),
    import("@aws-sdk/credential-providers"),
  ]);
  const credentials = fromNodeProviderChain({
    ...(options.profile !== undefined && { profile: options.profile }),
    clientConfig: { region },
  });
  const sqs = new SQSClient({ region, credentials, ...(named === undefined && { endpoint: origin }) });
  return { sqs, queueUrl };
}
