/** A process in which the deployed functions run, as they are wired by their handler.ts. Asked by messages, one at a time. */
import type { Context } from "aws-lambda";
import type { Invocation, Invoked } from "./functions.ts";

process.on("message", async ({ id, name, event }: Invocation) => {
  const answer = await run(name, event).then(
    (result): Invoked => ({ id, result: result ?? null }),
    (error: unknown): Invoked => ({ id, error: error instanceof Error ? error.message : String(error) }),
  );
  process.send?.(answer);
});

// Whoever started this is gone.
process.on("disconnect", () => process.exit());

async function run(name: string, event: unknown): Promise<unknown> {
  const { handler } = await import(`../../functions/${name}/handler.ts`);
  const endsAt = performance.now() + 29_000;
  const context: Partial<Context> = {
    awsRequestId: `request-of-${name}`,
    functionName: name,
    functionVersion: "$LATEST",
    invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
    memoryLimitInMB: "1024",
    getRemainingTimeInMillis: () => endsAt - performance.now(),
  };
  return handler(event, context);
}
