import { parseArgs } from "node:util";
import type { TableOptions } from "../feedctl/input/read-table.ts";
import { tableOptions } from "../feedctl/input/table-options.ts";
import { type Faults, NO_FAULTS, parseFaults } from "../stand-in/faults.ts";
import { UsageError } from "./usage-error.ts";

export const HELP = `Usage: npm start -- [options]

Runs the connector on this machine: messages travel from an SQS queue through the Lambda handler into a stand-in for
mParticle, until every event has an ending. Without options: two demo tenants and the bundled example messages.

  --input FILE             queue messages to send, one JSON document a line ("-": standard input)
  --tenants FILE           JSON array of {"tenantId", "feeds": [{"feedId", "kind", "pod", "environment",
                           "apiKey", "apiSecret", ...}]}
  --partner-identity NAME  send each event's partnerUserId as this partner identity
  --limit N                the stand-in's limit in batches a second and feed (default 270)
  --faults SPEC            faults of the stand-in by share of requests, for example
                           429:0.1,503:0.05,reset:0.02,timeout:0.01,latency:20-80
  --now ISO                a fixed clock for all rules about age
  --hold-after N           receives after which an event that is still deferred is held (default 300)
  --dry-run                show what would become of the messages - rules, batches, routes, findings - and send nothing
  --rows MODEL             of a dry run: the input is CSV or NDJSON with rows of this row model
  --format csv|ndjson      of rows (default: by the file's name)
  --delimiter TEXT         of CSV: between cells (default: a comma)
  --null TEXT              of CSV: text of a cell that is null too
  --tenant ID, --feed ID   of rows: whose they are (default: the one tenant of --tenants; its feed default)
  --summary                of a dry run: count findings, and show neither events nor batches
  --dump FILE              write every request that the stand-in received, one JSON document a line
  --log FILE               write the connector's log, one JSON document a line
  --json                   print the summary as one JSON document and nothing else
                           (with npm: npm start --silent -- --json)
  --watch                  keep running and follow what arrives on the printed queue URL
  --port N                 port of the embedded AWS (default: any free one)
  --stand-in-port N        port of the stand-in (default: any free one)
  --api-port N             port of the onboarding API (default: any free one)
  --api-token TEXT         token that the onboarding API asks for (default: a new one, printed when watching)
  --help                   this text

Exit codes: 0 every event settled and in the ledger, 1 something failed, 2 a wrong option, a bad file or a taken port.
`;

export interface StartOptions {
  /** File of messages; undefined: the examples, or none when watching. */
  readonly input: string | undefined;
  readonly tenants: string | undefined;
  readonly partnerIdentity: string | undefined;
  readonly batchesPerSecond: number | undefined;
  readonly faults: Faults;
  /** Epoch milliseconds; undefined: the real clock. */
  readonly nowMs: number | undefined;
  readonly holdAfterReceives: number;
  readonly dump: string | undefined;
  readonly log: string | undefined;
  readonly json: boolean;
  readonly dryRun: boolean;
  /** Of a dry run: what its input is rows of. Undefined: it is messages. */
  readonly rows: RowsOptions | undefined;
  readonly summary: boolean;
  readonly watch: boolean;
  readonly port: number;
  readonly standInPort: number;
  readonly apiPort: number;
  readonly apiToken: string | undefined;
}

export interface RowsOptions {
  readonly file: string;
  readonly table: TableOptions;
  readonly model: string;
  /** Undefined: the only one. */
  readonly tenantId: string | undefined;
  readonly feedId: string;
}

/** @throws {UsageError} */
export function parseOptions(args: readonly string[]): StartOptions | "help" {
  const values = readArgs(args);
  if (values.help) return "help";
  return {
    input: values.input,
    tenants: values.tenants,
    partnerIdentity: partnerIdentity(values["partner-identity"]),
    batchesPerSecond: values.limit === undefined ? undefined : positive("--limit", values.limit),
    faults: values.faults === undefined ? NO_FAULTS : faults(values.faults),
    nowMs: values.now === undefined ? undefined : instant(values.now),
    holdAfterReceives:
      values["hold-after"] === undefined ? 300 : positive("--hold-after", values["hold-after"], true),
    dump: values.dump,
    log: values.log,
    json: values.json ?? false,
    dryRun: dryRunAlone(values),
    rows: rows(values),
    summary: values.summary ?? false,
    watch: values.watch ?? false,
    port: port("--port", values.port),
    standInPort: port("--stand-in-port", values["stand-in-port"]),
    apiPort: port("--api-port", values["api-port"]),
    apiToken: apiToken(values["api-token"]),
  };
}

function readArgs(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      options: {
        input: { type: "string" },
        tenants: { type: "string" },
        "partner-identity": { type: "string" },
        limit: { type: "string" },
        faults: { type: "string" },
        now: { type: "string" },
        "hold-after": { type: "string" },
        dump: { type: "string" },
        log: { type: "string" },
        json: { type: "boolean" },
        "dry-run": { type: "boolean" },
        rows: { type: "string" },
        format: { type: "string" },
        delimiter: { type: "string" },
        null: { type: "string" },
        tenant: { type: "string" },
        feed: { type: "string" },
        summary: { type: "boolean" },
        watch: { type: "boolean" },
        port: { type: "string" },
        "stand-in-port": { type: "string" },
        "api-port": { type: "string" },
        "api-token": { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (error) {
    // Node's message goes on for lines about how to pass what looks like an option.
    const [sentence] = (error instanceof Error ? error.message : String(error)).split(". ");
    throw new UsageError(`${sentence?.split("\n")[0]}; see --help`);
  }
}

const OF_ROWS = ["format", "delimiter", "null", "tenant", "feed"] as const;
const OF_DRY_RUN = ["rows", "summary", ...OF_ROWS] as const;
const OF_SENDING = [
  "watch",
  "dump",
  "log",
  "faults",
  "limit",
  "hold-after",
  "port",
  "stand-in-port",
  "api-port",
  "api-token",
] as const;

/** It sends nothing, and so has no use for what sending is done with. */
function dryRunAlone(values: ReturnType<typeof readArgs>): boolean {
  const isDryRun = values["dry-run"] ?? false;
  const other = (isDryRun ? OF_SENDING : OF_DRY_RUN).find((name) => values[name] !== undefined);
  if (other === undefined) return isDryRun;
  throw new UsageError(
    isDryRun ? `--dry-run and --${other} exclude each other` : `--${other} is for --dry-run`,
  );
}

function rows(values: ReturnType<typeof readArgs>): RowsOptions | undefined {
  const { rows: model, input: file, tenant: tenantId, feed = "default" } = values;
  if (model !== undefined) {
    if (file === undefined) throw new UsageError("--rows needs --input FILE");
    const { delimiter, null: nullText } = values;
    const table = tableOptions(file, { format: format(values.format), delimiter, null: nullText });
    return { file, table, model, tenantId, feedId: feed };
  }
  const own = OF_ROWS.find((name) => values[name] !== undefined);
  if (own !== undefined) throw new UsageError(`--${own} is for --rows`);
  return undefined;
}

function format(text: string | undefined): TableOptions["format"] | undefined {
  if (text === undefined || text === "csv" || text === "ndjson") return text;
  throw new UsageError("--format must be csv or ndjson");
}

function positive(name: string, text: string, whole = false): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value) || (whole && !Number.isInteger(value))) {
    throw new UsageError(`${name} must be a ${whole ? "whole " : ""}number over 0`);
  }
  return value;
}

function port(name: string, text: string | undefined): number {
  if (text === undefined) return 0;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > 65_535)
    throw new UsageError(`${name} must be a port, 1 to 65535`);
  return value;
}

function instant(text: string): number {
  const value = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(value))
    throw new UsageError("--now must be an ISO 8601 time such as 2026-03-01T12:00:00Z");
  return value;
}

function faults(spec: string): Faults {
  try {
    return parseFaults(spec);
  } catch (error) {
    throw new UsageError(`--faults: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function apiToken(text: string | undefined): string | undefined {
  if (text === undefined || /^[\x21-\x7e]{16,}$/.test(text)) return text;
  throw new UsageError("--api-token must have at least 16 characters, and no spaces");
}

function partnerIdentity(name: string | undefined): string | undefined {
  if (name === undefined || /^[A-Za-z0-9]+_\w+$/.test(name)) return name;
  throw new UsageError("--partner-identity must look like PartnerName_IdentityName");
}
