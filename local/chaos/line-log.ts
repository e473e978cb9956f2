import type { Log } from "../../shared/ports.ts";

/** A log that writes one JSON document a line. @param write - Undefined: lines go nowhere. */
export function lineLog(source: string, write: ((line: string) => void) | undefined): Log {
  const at = (level: string) => (message: string, fields?: Record<string, unknown>) =>
    write?.(JSON.stringify({ at: new Date().toISOString(), source, level, message, ...fields }));
  return { info: at("info"), warn: at("warn"), error: at("error") };
}
