import { describe, expect, it } from "vitest";
import { isOvertaken } from "../../shared/core/overtaken.ts";

const at = (time: string) => Date.parse(`2026-03-01T${time}Z`);
const account = (hour: string, written: string) => ({ hour: `2026-03-01T${hour}`, writtenAtMs: at(written) });
const hour = (text: string) => `2026-03-01T${text}`;

describe("messages with an hour's open events, last met at 10:40", () => {
  const open = [account("10", "10:40"), account("10", "10:05")];

  it.each([
    {
      what: "own ones of an hour that began before they were due",
      own: ["11"],
      served: "11:30",
      newest: "11",
    },
    {
      what: "own ones of an hour after they were due",
      own: ["11", "12"],
      served: "12:01",
      newest: "12",
      is: true,
    },
    { what: "others' ones, while own ones are received", own: ["10"], served: "12:00", newest: "12" },
    {
      what: "others' ones long after own ones were received",
      own: ["10"],
      served: "11:30",
      newest: "12",
      is: true,
    },
    { what: "others' ones at the very instant", own: ["10"], served: "11:31", newest: "12" },
    { what: "nobody's", own: ["10"], served: "10:40", newest: undefined },
  ])("are overtaken by $what: $is", ({ own, served, newest, is = false }) => {
    const accounts = [...open, ...own.map((name) => account(name, served))];

    expect(isOvertaken(open, accounts, newest === undefined ? undefined : hour(newest))).toBe(is);
  });
});
