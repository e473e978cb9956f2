import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterEach, expect, it } from "vitest";
import { CLIENT_SETTINGS } from "../../shared/aws/client-settings.ts";

const sockets = new Set<Socket>();
const server = createServer(() => {
  // Never answers.
});
server.on("connection", (socket) => sockets.add(socket));

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

it("a call that is never answered fails instead of using up the invocation", async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const client = new S3Client({
    ...CLIENT_SETTINGS,
    requestHandler: { ...CLIENT_SETTINGS.requestHandler, requestTimeout: 100 },
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    forcePathStyle: true,
  });

  const call = client.send(new PutObjectCommand({ Bucket: "bucket", Key: "key", Body: "body" }));

  await expect(call).rejects.toMatchObject({ name: "TimeoutError" });
  client.destroy();
});
