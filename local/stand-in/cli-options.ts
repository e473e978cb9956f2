import { parseArgs } from "node:util";
import { type Faults, NO_FAULTS, parseFaults } from "./faults.ts";
import type { StandInFeed } from "./feeds.ts";
import type { BadBatch } from "./judge-request.ts";

export const USAGE = `Usage: node local/stand-in/main.ts --feed key:secret[:partner|custom[:PartnerName_Id]] [options]

A stand-in for mParticle's Events API. Serves until interrupted, then prints what it took as one JSON object.

  --feed FEED        a feed that it knows, by default a partner feed; may be given several times
  --port N           default 9200; 0 for any free one
  --limit N          batches per second of each feed, default 270
  --faults SPEC      shares of requests that fail, for example 429:0.1,503:0.05,reset:0.02,timeout:0.01,latency:20-80
  --bad-batch MODE   bulk requests with an invalid batch: "drop" it behind a 202 (default), or answer "400"
  --help             this text`;

export interface CliOptions {
  readonly port: number;
  readonly feeds: readonly StandInFeed[];
  readonly batchesPerSecond: number;
  readonly faults: Faults;
  readonly badBatch: BadBatch;
}

/**
 * Reads the command line.
 *
 * @returns "help" when that is all that was asked for.
 * @throws {Error} One line that names the option which cannot be used, and never a secret.
 */
export function parseCliOptions(args: readonly string[]): CliOptions | "help" {
  const values = read(args);
  if (values.help) return "help";
  const badBatch = values["bad-batch"];
  if (badBatch !== "drop" && badBatch !== "400") throw new Error('--bad-batch is neither "drop" nor "400".');
  if (values.feed.length === 0) throw new Error("--feed is missing: at least one feed is needed.");
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65_535) throw new Error("--port is not a number from 0 to 65535.");
  const batchesPerSecond = Number(values.limit);
  if (!(batchesPerSecond > 0)) throw new Error("--limit is not a number over 0.");
  return {
    port,
    feeds: values.feed.map(parseFeed),
    batchesPerSecond,
    faults: values.faults === undefined ? NO_FAULTS : parseFaults(values.faults),
    badBatch,
  };
}

function read(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        feed: { type: "string", multiple: true, default: [] },
        port: { type: "string", default: "9200" },
        limit: { type: "string", default: "270" },
        faults: { type: "string" },
        "bad-batch": { type: "string", default: "drop" },
        help: { type: "boolean", default: false },
      },
      // Refused below: node's own message quotes the argument, which may be a feed with its secret.
      allowPositionals: true,
    });
    if (positionals.length > 0) throw new Error("An argument stands without its option.");
    return values;
  } catch (error) {
    // Some of node's messages go on with advice on further lines.
    throw new Error(error instanceof Error ? error.message.replace(/\n.*/s, "") : `${error}`);
  }
}

function parseFeed(text: string, index: number): StandInFeed {
  const [apiKey, apiSecret, kind = "partner", partnerIdentity, ...rest] = text.split(":");
  const complete = apiKey && apiSecret && (kind === "partner" || kind === "custom") && rest.length === 0;
  if (!complete) {
    throw new Error(`--feed number ${index + 1} is not key:secret[:partner|custom[:PartnerName_Id]].`);
  }
  return { apiKey, apiSecret, kind, ...(partnerIdentity !== undefined && { partnerIdentity }) };
}
