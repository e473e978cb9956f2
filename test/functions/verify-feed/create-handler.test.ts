import type { Context } from "aws-lambda";
import { expect, it } from "vitest";
import { createHandler } from "../../../functions/verify-feed/create-handler.ts";
import { keyHashOf } from "../../../shared/core/onboarding/fingerprint.ts";

const REQUEST = { tenantId: "acme", feedId: "ios", kind: "custom", pod: "eu1" } as const;
const KEYS = { apiKey: "the-key", apiSecret: "the-secret", version: "v1" };

function handler(stored: typeof KEYS | undefined | Error) {
  const asked: unknown[] = [];
  const reported: unknown[] = [];
  const deps = {
    credentials: {
      find: async () => {
        if (stored instanceof Error) throw stored;
        return stored;
      },
    },
    prover: {
      prove: async (...args: unknown[]) => {
        asked.push(args);
        return { kind: "accepted" } as const;
      },
    },
  };
  return {
    asked,
    reported,
    run: createHandler(
      () => deps,
      (...all) => reported.push(all),
    ),
  };
}

it("tests the stored keys, and tells nothing of them but a hash", async () => {
  const { run, asked, reported } = handler(KEYS);

  const proof = await run(REQUEST, {} as Context);

  expect(proof).toEqual({
    outcome: { kind: "accepted" },
    secretVersion: "v1",
    keyHash: keyHashOf("the-key"),
  });
  expect(asked).toEqual([[{ kind: "custom", pod: "eu1" }, KEYS]]);
  expect(JSON.stringify([proof, reported])).not.toMatch(/the-key|the-secret/);
});

it("answers null where no keys are stored", async () => {
  expect(await handler(undefined).run(REQUEST, {} as Context)).toBeNull();
});

it.each([{}, { ...REQUEST, tenantId: "a/b" }, { ...REQUEST, pod: "mars" }, "acme"])(
  "refuses a request that is none: %j",
  async (request) => {
    await expect(handler(KEYS).run(request, {} as Context)).rejects.toMatchObject({ name: "ConfigError" });
  },
);

it("fails without saying what the store said", async () => {
  await expect(handler(new Error("SECRET")).run(REQUEST, {} as Context)).rejects.toThrow(
    "The invocation failed: Error",
  );
});
