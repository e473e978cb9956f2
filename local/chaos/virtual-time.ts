import type { SQSClient } from "@aws-sdk/client-sqs";

interface Delays {
  VisibilityTimeout?: number;
  DelaySeconds?: number;
  Entries?: Delays[];
}

/**
 * Divides every delay that a client asks the queue for. The embedded SQS takes fractions of seconds and goes by the real clock: so
 * a message that is hidden for 15 virtual minutes is back after 15 virtual minutes.
 *
 * @param scale - Virtual seconds in a real one; 1 changes nothing.
 */
export function shortenDelays(sqs: SQSClient, scale: number): void {
  if (scale === 1) return;
  sqs.middlewareStack.add(
    (next) => (args) => next({ ...args, input: shortened(args.input as Delays, scale) as typeof args.input }),
    { step: "initialize", name: "shortenDelays" },
  );
}

function shortened(input: Delays, scale: number): Delays {
  return {
    ...input,
    ...(input.VisibilityTimeout !== undefined && { VisibilityTimeout: input.VisibilityTimeout / scale }),
    ...(input.DelaySeconds !== undefined && { DelaySeconds: input.DelaySeconds / scale }),
    ...(input.Entries && { Entries: input.Entries.map((entry) => shortened(entry, scale)) }),
  };
}
