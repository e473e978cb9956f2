/** Runs the stand-in by itself, as a test double for a partner's own sender. */
import { type CliOptions, parseCliOptions, USAGE } from "./cli-options.ts";
import { type StandIn, startStandIn } from "./stand-in.ts";

const options = optionsOrExit();
const standIn = await startOrExit(options);
console.log(`The mParticle stand-in listens on ${standIn.url}`);
process.once("SIGINT", finish);
process.once("SIGTERM", finish);

async function finish(): Promise<void> {
  await standIn.close();
  // Ids by the thousand are of no use on a terminal: their number is.
  const json = JSON.stringify(standIn.counts(), (key, value) => {
    if (!(value instanceof Map)) return value;
    return key === "feeds" ? Object.fromEntries(value) : value.size;
  });
  console.log(json);
}

function optionsOrExit(): CliOptions {
  try {
    const parsed = parseCliOptions(process.argv.slice(2));
    if (parsed !== "help") return parsed;
    console.log(USAGE);
    return process.exit(0);
  } catch (error) {
    return exit(error instanceof Error ? error.message : `${error}`);
  }
}

async function startOrExit(options: CliOptions): Promise<StandIn> {
  try {
    return await startStandIn(options);
  } catch (error) {
    const taken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
    if (!taken) throw error;
    return exit(`Port ${options.port} is taken.`);
  }
}

function exit(line: string): never {
  console.error(line);
  process.exit(2);
}
