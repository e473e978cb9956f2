/**
 * Settings of every AWS client in a Lambda function, in milliseconds. A call that hangs must not use up the invocation: it
 * is tried once more, then fails, and what it was for goes back to the queue.
 *
 * Without `throwOnRequestTimeout` the SDK only warns of a request that takes longer.
 */
export const CLIENT_SETTINGS = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_500, throwOnRequestTimeout: true },
};
