/** The hour of UTC that an instant lies in, as `2026-11-24T03`: what the ledger counts by. */
export function hourOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 13);
}

/** Source events by the hour in which they were sent. */
export type Hours = Readonly<Record<string, number>>;

/** The events of all hours. */
export function eventsIn(hours: Hours): number {
  return Object.values(hours).reduce((sum, events) => sum + events, 0);
}

/** Adds up hour by hour. */
export function addHours(all: readonly Hours[]): Hours {
  const sum: Record<string, number> = {};
  for (const hours of all)
    for (const [hour, events] of Object.entries(hours)) sum[hour] = (sum[hour] ?? 0) + events;
  return sum;
}

/** When an hour as {@link hourOf} writes it began, epoch milliseconds. */
export function startOfHour(hour: string): number {
  return Date.parse(`${hour}:00Z`);
}

/** Whether text is an hour as {@link hourOf} writes it. */
export function isHour(text: string): boolean {
  const ms = startOfHour(text);
  return !Number.isNaN(ms) && hourOf(ms) === text;
}
