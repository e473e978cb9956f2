import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { keysIn } from "../../../local/feedctl/input/keys.ts";
import { UsageError } from "../../../local/start/usage-error.ts";
import type { Verification } from "../../../shared/api/verification.schema.ts";
import { ProblemError } from "../../../shared/onboarding/problem.ts";
import { type FakeApi, startFakeApi, TOKEN } from "./fake-api.ts";
import { feedctlHere } from "./fake-terminal.ts";
import { feedctl } from "./feedctl-process.ts";

const KEY = "key-Zm9vYmFy";
const SECRET = "secret-YmF6cXV4";

const verification = {
  outcome: "accepted",
  checkedAt: "2026-11-24T03:00:00.000Z",
  summary: "mParticle accepted a test event with these keys.",
  advice: "Look for the test event.",
  screen: "Data Master > Live Stream",
  caveats: ["Accepted is not processed.", "The environment is development."],
} satisfies Verification;

let api: FakeApi;
beforeAll(async () => {
  api = await startFakeApi();
});
afterAll(() => api.close());
beforeEach(() => {
  api.calls.length = 0;
  api.answers = {};
});

const PUT = ["credentials", "put", "acme", "default"];
const env = () => ({ FEEDCTL_URL: api.url, FEEDCTL_TOKEN: TOKEN });
const put = (input: string, ...options: string[]) => feedctl([...PUT, ...options], { env: env(), input });

test("shows fingerprint, dates, and what the test of the keys said, in plain words", async () => {
  api.answers.putCredentials = () => ({
    status: 200,
    body: {
      credentials: {
        fingerprint: "3f0c6f6e52a54b1c",
        storedAt: "2026-11-24T03:00:01.000Z",
        previous: { fingerprint: "00000000000000aa", storedAt: "2026-10-01T00:00:00.000Z" },
      },
      verification,
    },
  });

  const { code, stdout, stderr } = await put(JSON.stringify({ apiKey: KEY, apiSecret: SECRET }));

  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toBe(`keys           3f0c6f6e52a54b1c, stored 2026-11-24 03:00:01Z
previous keys  00000000000000aa, stored 2026-10-01 00:00:00Z

test          accepted
at            2026-11-24 03:00:00Z
meaning       mParticle accepted a test event with these keys.
what next     Look for the test event.
in mParticle  Data Master > Live Stream
not known     Accepted is not processed.
              The environment is development.
`);
});

test("keys that are refused are told of with what mParticle said, and exit code 1", async () => {
  api.answers.putCredentials = () => {
    throw new ProblemError("credentials_refused", "mParticle refuses these keys; nothing was stored.", {
      verification: { ...verification, outcome: "refused", summary: "mParticle does not know these keys." },
    });
  };

  const { code, stdout, stderr } = await put(`${KEY}\n${SECRET}\n`);

  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(/^feedctl: mParticle refuses these credentials: nothing was stored \(request /);
  expect(stderr).toContain("meaning       mParticle does not know these keys.\n");
});

test("keys that cannot be any are told in sentences, each once", async () => {
  const errors = [
    { pointer: "/apiKey", code: "empty", message: "The API key is empty." },
    { pointer: "/apiSecret", code: "quoted", message: "The API secret is in quotation marks: remove them." },
  ];
  api.answers.putCredentials = () => {
    throw new ProblemError("credentials_malformed", "The API key is empty.", { errors });
  };

  const { code, stderr } = await feedctlHere(PUT, { env: env(), input: `\n"${SECRET}"\n` });

  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^feedctl: The API key is empty\. The API secret is in quotation marks: remove them\. \(request \S+\)\n$/,
  );
});

test.each(["accepted", "refused", "malformed"] as const)(
  "never prints a key or a secret: %s",
  async (what) => {
    if (what !== "accepted")
      api.answers.putCredentials = () => {
        throw new ProblemError(`credentials_${what}`, "Not these.", {
          errors: [{ pointer: "/apiSecret", code: "whitespace", message: "begins or ends with a space" }],
        });
      };

    for (const options of [[], ["--json"]]) {
      const { stdout, stderr } = await put(JSON.stringify({ apiKey: KEY, apiSecret: SECRET }), ...options);

      expect(stdout + stderr).not.toContain(KEY);
      expect(stdout + stderr).not.toContain(SECRET);
    }
    expect(api.calls.map(({ request }) => request.body)).toEqual(
      Array(2).fill({ apiKey: KEY, apiSecret: SECRET }),
    );
  },
);

test.each([
  ["", "nothing"],
  [KEY, "a key alone"],
  [`${KEY}\n${SECRET}\n${SECRET}\n`, "three lines"],
  [`${KEY}\n${SECRET}\n\n${SECRET}\n`, "three lines, one of them blank"],
  [`\n${KEY}\n${SECRET}\n`, "a blank line first"],
  [`{"apiKey":"${KEY}"}`, "JSON without a secret"],
  [`{"apiKey":"${KEY}","apiSecret":"${SECRET}","note":"x"}`, "JSON with more"],
  [`{"apiKey":"${KEY}","apiSecret":"x","apiSecret":"${SECRET}"}`, "JSON with a secret twice"],
  [`{"apiKey":"${KEY}","apiSecret":7}`, "JSON of another type"],
  [`{"apiKey":"${KEY}","apiSecret":"${SECRET}"`, "JSON cut off"],
])("sends nothing of input that is no pair of keys, and does not repeat it: %# %s", async (input) => {
  const { code, stdout, stderr } = await feedctlHere(PUT, { env: env(), input });

  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/^feedctl: standard input must hold [^\n]+\n$/);
  expect(stderr).not.toContain(KEY);
  expect(stderr).not.toContain(SECRET);
  expect(api.calls).toEqual([]);
});

test.each([
  ["key\nsecret", { apiKey: "key", apiSecret: "secret" }],
  ["key\r\nsecret\r\n", { apiKey: "key", apiSecret: "secret" }],
  [' {"apiSecret": "secret", "apiKey": "key"}\n', { apiKey: "key", apiSecret: "secret" }],
  // What may be a mistake of pasting, the API says more about than feedctl could.
  [' key \n"secret"\n', { apiKey: " key ", apiSecret: '"secret"' }],
  ["key\nsecret\n\n", { apiKey: "key", apiSecret: "secret" }],
  ["key\r\nsecret\r\n \r\n\r\n", { apiKey: "key", apiSecret: "secret" }],
  ["key\n\n", { apiKey: "key", apiSecret: "" }],
])("reads keys as they are: %j", (text, keys) => {
  expect(keysIn(text)).toEqual(keys);
});

test("two empty lines are an empty key and an empty secret, for the API to say so", () => {
  expect(keysIn("\n\n")).toEqual({ apiKey: "", apiSecret: "" });
  expect(() => keysIn("\n")).toThrow(UsageError);
});
