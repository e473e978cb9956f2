import {
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  RestoreSecretCommand,
} from "@aws-sdk/client-secrets-manager";
import { expect, test } from "vitest";
import { client, clock, create, DAY_MS, put, START_MS, token } from "./support.ts";

test("a deleted secret gives no value until it is restored", async () => {
  await create("feeds/acme");

  const deleted = await client.send(
    new DeleteSecretCommand({ SecretId: "feeds/acme", RecoveryWindowInDays: 7 }),
  );
  const whileDeleted = await Promise.allSettled([
    client.send(new GetSecretValueCommand({ SecretId: "feeds/acme" })),
    put("feeds/acme", "two", token(2)),
    create("feeds/acme", "two", token(2)),
    client.send(new DeleteSecretCommand({ SecretId: "feeds/acme" })),
  ]);
  const described = await client.send(new DescribeSecretCommand({ SecretId: "feeds/acme" }));
  await client.send(new RestoreSecretCommand({ SecretId: "feeds/acme" }));
  const restored = await client.send(new GetSecretValueCommand({ SecretId: "feeds/acme" }));

  expect(deleted.DeletionDate).toEqual(new Date(START_MS + 7 * DAY_MS));
  expect(whileDeleted.map((ended) => ended.status === "rejected" && ended.reason.name)).toEqual(
    Array(4).fill("InvalidRequestException"),
  );
  expect(described.DeletedDate).toEqual(deleted.DeletionDate);
  expect(restored.SecretString).toBe("one");
});

test("a secret is gone when its recovery window ends, 30 days unless told otherwise", async () => {
  await create("feeds/acme");
  await client.send(new DeleteSecretCommand({ SecretId: "feeds/acme" }));
  const restore = () => client.send(new RestoreSecretCommand({ SecretId: "feeds/acme" }));

  clock.nowMs = START_MS + 30 * DAY_MS - 1;
  await restore();
  clock.nowMs = START_MS;
  await client.send(new DeleteSecretCommand({ SecretId: "feeds/acme" }));
  clock.nowMs = START_MS + 30 * DAY_MS;

  await expect(restore()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  await expect(create("feeds/acme", "again")).resolves.toMatchObject({ Name: "feeds/acme" });
});

test("a forced deletion takes effect at once, and succeeds for what was never there", async () => {
  await create("feeds/acme");
  const force = (SecretId: string) =>
    client.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }));

  const deleted = await force("feeds/acme");
  const absent = await force("nothing");

  expect([deleted, absent]).toMatchObject([
    { Name: "feeds/acme", DeletionDate: new Date(START_MS) },
    { Name: "nothing", DeletionDate: new Date(START_MS) },
  ]);
  await expect(client.send(new DescribeSecretCommand({ SecretId: "feeds/acme" }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});

test.each([
  ["a window under 7 days", { RecoveryWindowInDays: 6 }],
  ["a window over 30 days", { RecoveryWindowInDays: 31 }],
  ["a forced deletion with a window", { RecoveryWindowInDays: 7, ForceDeleteWithoutRecovery: true }],
])("%s is refused", async (_, input) => {
  await create("feeds/acme");

  await expect(
    client.send(new DeleteSecretCommand({ SecretId: "feeds/acme", ...input })),
  ).rejects.toMatchObject({ name: "InvalidParameterException" });
});
