/** Values that read nothing of the event, by which what is refused when it is stored is compared with what events are told. */
const TEXTS = [
  ...["x", " 7 ", "7.5", "", "true", "t", "eur", "Purchase", "media", "iphone os", "Android", "OutOfBand"],
  ...["authorized", "10.0.0.1", "203.0.113.7", "2023-11-24T03:00:00Z", "2023-11-24 03:00:00", "1969-01-01"],
  ...["00000000-0000-0000-0000-000000000000", "7f1b0c9e-8a43-4d21-9c56-2f3e4d5c6b7a"],
  "y".repeat(300),
];

export const FIXED_VALUES: readonly unknown[] = [
  ...[...TEXTS, 7, 7.5, -1, 2 ** 60, 1_700_000_000_000, true, false, null].map((value) => ({ value })),
  { key: "nowhere", value: "fallback" },
  { key: "nowhere", value: "Euro", convert: "trim" },
  { map: { id: { value: "1" } } },
  { set: [{ value: 1 }] },
  { loop: ["this", { value: "x" }] },
  [{ value: "x" }],
  { value: "A1", convert: ["lower", "trim"] },
  { value: "A1", convert: "number" },
];

export function isBoolean(value: unknown): boolean {
  return typeof (value as { readonly value?: unknown }).value === "boolean";
}
