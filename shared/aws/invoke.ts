import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { nameOf } from "../core/error-name.ts";

/** A function has no room for another invocation. */
export class FunctionBusyError extends Error {
  override readonly name = "FunctionBusyError";
}

/**
 * Invokes another function of the connector and waits for its answer.
 *
 * @throws {FunctionBusyError} when as many invocations run as may.
 * @throws an error without what the function said, which may be anything, when it failed.
 */
export async function invoke(client: LambdaClient, functionName: string, request: unknown): Promise<unknown> {
  try {
    const { FunctionError, Payload } = await client.send(
      new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(request) }),
    );
    if (FunctionError !== undefined) throw new Error(`The function ${functionName} failed`);
    return JSON.parse(Buffer.from(Payload ?? []).toString("utf8") || "null");
  } catch (error) {
    if (nameOf(error) === "TooManyRequestsException") throw new FunctionBusyError();
    throw error;
  }
}
