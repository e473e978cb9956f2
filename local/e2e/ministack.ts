import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { SEARCH_PATH } from "./paths.ts";
import { type ProcessGroup, startGroup } from "./process-group.ts";
import { waitUntil } from "./wait-until.ts";

export interface MiniStack {
  readonly endpoint: string;
  /** Environment under which the AWS CLI tools and SDKs use the emulator and nothing of this user's own settings. */
  readonly env: Readonly<Record<string, string>>;
  /** What it and the functions that it runs have written so far. */
  log(): string;
  /** Ends it and every function process that it started. */
  stop(): Promise<void>;
}

/** Time to end by itself, in milliseconds, before it is killed. */
const STOP_MS = 10_000;

/**
 * Starts the emulator on a free port of 127.0.0.1.
 *
 * @param command - As `installMiniStack` returned it.
 * @param workDir - Takes all that it writes; removed by the caller.
 */
export async function startMiniStack(command: string, workDir: string): Promise<MiniStack> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const directory = (name: string) => {
    mkdirSync(`${workDir}/${name}`);
    return `${workDir}/${name}`;
  };
  const base = { PATH: SEARCH_PATH, HOME: directory("home"), TMPDIR: directory("tmp") };
  const logPath = `${workDir}/ministack.log`;
  const logFile = openSync(logPath, "w");
  const group = startGroup(command, [], {
    cwd: workDir,
    stdio: ["ignore", logFile, logFile],
    env: {
      ...base,
      BIND_HOST: "127.0.0.1",
      GATEWAY_PORT: String(port),
      MINISTACK_HOST: "127.0.0.1",
      STATE_DIR: directory("state"),
      S3_DATA_DIR: directory("s3"),
      SFTP_ENABLED: "0",
    },
  });
  closeSync(logFile);
  const stop = () => stopGroup(group);
  const log = () => readFileSync(logPath, "utf8");
  try {
    await waitUntil("the emulator answers", () => {
      if (group.child.exitCode !== null)
        throw new Error(`The emulator ended by itself:\n${log().slice(-2_000)}`);
      return fetch(`${endpoint}/_ministack/health`).then(
        ({ ok }) => ok,
        () => false,
      );
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    endpoint,
    env: {
      ...base,
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
    },
    log,
    stop,
  };
}

/** The functions are processes that the emulator starts: they end with it, or are killed. */
async function stopGroup({ child, signal }: ProcessGroup): Promise<void> {
  const running = child.exitCode === null && child.signalCode === null;
  const ended = running ? once(child, "exit") : undefined;
  signal("SIGTERM");
  await Promise.race([ended, sleep(STOP_MS, undefined, { ref: false })]);
  signal("SIGKILL");
  await ended;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
