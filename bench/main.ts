/** `npm run bench`: what the connector costs, as ratios within one run. Nothing here is asserted by a test. */
import { parseArgs } from "node:util";
import { keepInvocationsYoung } from "../shared/runtime/keep-young.ts";
import { measureColdStart } from "./cold-start.ts";
import { measureConversion } from "./conversion.ts";
import { measureMapping } from "./mapping.ts";

// As the function itself does.
keepInvocationsYoung();

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    events: { type: "string", default: "20000" },
    "events-per-message": { type: "string", default: "10" },
    rounds: { type: "string", default: "9" },
  },
});

const conversion = await measureConversion({
  events: Number(values.events),
  eventsPerMessage: Number(values["events-per-message"]),
  rounds: Number(values.rounds),
});
const mapping = measureMapping({ events: Number(values.events), rounds: Number(values.rounds) });
const coldStart = await measureColdStart(Number(values.rounds));

const rounded = (value: number, digits: number) => Number(value.toFixed(digits));
const lines = [
  `${conversion.events} events of ${conversion.bytesPerEvent} bytes became ${conversion.batches} batches in ${conversion.requests} requests`,
  `CPU an event      ${rounded(conversion.connectorPerEvent, 2)} µs, floor ${rounded(conversion.floorPerEvent, 2)} µs: ratio ${rounded(conversion.cpuRatio, 2)} (target at most 1.8)`,
  `packing           ${rounded(conversion.packingRatio, 4)} times the fewest requests (target at most 1.02)`,
  `events a second   ${conversion.eventsPerSecondPerCore} on one core`,
  `mapping           document ${rounded(mapping.mappingRatio, 2)} times the native conversion (target at most 1.15), 50 rules ${rounded(mapping.mappingRatio50, 2)} times (target at most 2)`,
  `bundle            ${Math.round(coldStart.bundleBytes / 1000)} kB minified (target at most 600)`,
  `import            ${Math.round(coldStart.importMs)} ms, empty function ${Math.round(coldStart.emptyImportMs)} ms`,
];
console.log(lines.join("\n"));
if (values.json) {
  console.log(
    JSON.stringify({
      ...conversion,
      cpuRatio: rounded(conversion.cpuRatio, 3),
      packingRatio: rounded(conversion.packingRatio, 4),
      floorPerEvent: rounded(conversion.floorPerEvent, 3),
      connectorPerEvent: rounded(conversion.connectorPerEvent, 3),
      mappingRatio: rounded(mapping.mappingRatio, 3),
      mappingRatio50: rounded(mapping.mappingRatio50, 3),
      ...coldStart,
    }),
  );
}
