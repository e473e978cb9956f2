import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  folderOf,
  folderPath,
  objectKey,
  type ParkedFolder,
  refOf,
  timePath,
} from "../../shared/core/parked-object.ts";

const AT_MS = Date.parse("2026-11-22T03:04:05.678Z");

const FOLDERS: [string, ParkedFolder][] = [
  ["rejected/unreadable", { ending: "rejected", lane: "live" }],
  ["rejected/unreadable/lane=backfill", { ending: "rejected", lane: "backfill" }],
  ["rejected/tenant=acme", { ending: "rejected", lane: "live", tenantId: "acme" }],
  ["rejected/tenant=acme/feed=ios", { ending: "rejected", lane: "live", tenantId: "acme", feedId: "ios" }],
  [
    "held/tenant=acme/cause=unknown_tenant",
    { ending: "held", lane: "live", tenantId: "acme", cause: "unknown_tenant" },
  ],
  [
    "held/tenant=acme/feed=ios/lane=backfill/cause=backlog",
    { ending: "held", lane: "backfill", tenantId: "acme", feedId: "ios", cause: "backlog" },
  ],
];

describe("where parked objects lie", () => {
  it.each(FOLDERS)("%s is a folder, there and back", (path, folder) => {
    expect(folderPath(folder)).toBe(path);
    expect(folderOf(path)).toEqual(folder);
  });

  it.each(["", "held", "kept/tenant=acme", "held/tenant=a=b", "held/feed=ios", "held/tenant=acme/2026"])(
    "%j is no folder",
    (path) => {
      expect(folderOf(path)).toBeUndefined();
    },
  );

  it("an object's key tells its folder and when it was parked", () => {
    const folder: ParkedFolder = {
      ending: "held",
      lane: "live",
      tenantId: "acme",
      feedId: "ios",
      cause: "feed_paused",
    };

    const key = objectKey(folder, AT_MS, "1b9d6bcd");

    expect(key).toBe(
      "held/tenant=acme/feed=ios/cause=feed_paused/2026/11/22/03/2026-11-22T03:04:05.678Z-1b9d6bcd.ndjson",
    );
    expect(refOf(key)).toEqual({ key, folder, parkedAtMs: AT_MS });
  });

  it.each([
    "held/tenant=acme/cause=feed_paused/notes.txt",
    "held/tenant=acme/cause=feed_paused/2026/11/22/03/notes.ndjson",
    "held/tenant=acme/cause=feed_paused/2026/11/22/03/2026-99-22T03:04:05.678Z-x.ndjson",
    "elsewhere/2026/11/22/03/2026-11-22T03:04:05.678Z-x.ndjson",
  ])("%s is the key of no parked object", (key) => {
    expect(refOf(key)).toBeUndefined();
  });

  it("keys of a folder sort as the times of parking do", () => {
    const folder: ParkedFolder = { ending: "rejected", lane: "live", tenantId: "acme" };
    const instants = fc.integer({ min: AT_MS - 1e9, max: AT_MS + 1e9 });
    fc.assert(
      fc.property(instants, instants, fc.uuid(), fc.uuid(), (one, other, id, otherId) => {
        if (one === other) return;
        const keys = [objectKey(folder, one, id), objectKey(folder, other, otherId)];

        expect((keys[0] ?? "") < (keys[1] ?? "")).toBe(one < other);
        expect((keys[1] ?? "") > timePath(folderPath(folder), one)).toBe(other >= one);
      }),
    );
  });
});
