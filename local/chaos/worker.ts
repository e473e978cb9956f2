/** A process that runs the connector: what an execution environment of Lambda is. Started by `worker-fleet.ts` alone. */
import type { WorkerConfig } from "./work.ts";
import { installClock } from "./worker-clock.ts";

const config = JSON.parse(process.argv[2] ?? "") as WorkerConfig;
installClock(config.clock);

// The parent decides when to end: with Ctrl-C the terminal tells the whole process group. Without a parent there is nothing to do.
process.on("SIGINT", () => {});
process.on("disconnect", () => process.exit());

// Imported only now, so that everything below sees the clock.
const { work } = await import("./work.ts");
await work(config);
