/** What of a caught error may be logged: its class. Messages may quote what must not be logged. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "unknown";
}
