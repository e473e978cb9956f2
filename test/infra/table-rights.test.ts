import { describe, expect, it } from "vitest";
import { synthesize } from "./synthesize.ts";
import { isAllowed, rightsIn, TABLE_RIGHTS } from "./table-rights.ts";

const { service } = synthesize();

describe("the table", () => {
  it.each(Object.entries(TABLE_RIGHTS))(
    "lets %s use the partitions that it needs, so as it needs them",
    (within, rights) => {
      expect(rightsIn(service, within)).toEqual(rights);
    },
  );

  it.each([
    ["list tenants", { action: "Query", leadingKeys: ["tenants"] }],
    ["read an audit trail", { action: "Query", leadingKeys: ["audit#acme"] }],
    ["overwrite a claim of a key", { action: "PutItem", leadingKeys: ["key#0"] }],
    ["make a link", { action: "PutItem", leadingKeys: ["link#0"] }],
    ["delete a feed", { action: "DeleteItem", leadingKeys: ["tenant#acme"] }],
    ["touch a partition beside a tenant's", { action: "GetItem", leadingKeys: ["tenant#acme", "system"] }],
    ["name no key", { action: "GetItem", leadingKeys: [] }],
    ["read the whole table", { action: "Scan", leadingKeys: [] }],
    ["ask the ledger's index", { action: "Query", leadingKeys: ["2026-11-25T09"], index: "writtenIn" }],
  ])("does not let the connect page %s", (_, call) => {
    expect(isAllowed(call, rightsIn(service, "Connect"))).toBe(false);
  });
});
