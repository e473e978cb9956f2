import { describe, expect, it } from "vitest";
import { synthesize } from "./synthesize.ts";
import { rightsByPartition, tableRights } from "./table-rights.ts";

const { service } = synthesize();

const DELIVER = {
  "tenant#*": ["GetItem", "Query", "UpdateItem"],
  "claims#*": ["UpdateItem"],
  "invocation#*": ["GetItem", "UpdateItem"],
  system: ["GetItem", "UpdateItem"],
  unreadable: ["UpdateItem"],
};

describe("the table", () => {
  it.each([
    ["Live", DELIVER],
    ["Backfill", DELIVER],
    ["Release", { "tenant#*": ["GetItem", "Query", "UpdateItem"], system: ["GetItem"] }],
    [
      "Replay",
      { "tenant#*": ["GetItem", "Query", "UpdateItem"], system: ["GetItem"], unreadable: ["UpdateItem"] },
    ],
    [
      "Check",
      {
        "tenant#*": ["BatchGetItem", "Query", "UpdateItem"],
        unreadable: ["BatchGetItem", "Query", "UpdateItem"],
        "index writtenIn": ["Query"],
      },
    ],
    [
      "Onboarding",
      {
        tenants: ["PutItem", "Query"],
        "tenant#*": ["BatchGetItem", "DeleteItem", "GetItem", "PutItem", "Query"],
        "link#*": ["BatchGetItem", "GetItem", "PutItem", "UpdateItem"],
        "key#*": ["DeleteItem", "UpdateItem"],
        "audit#*": ["PutItem", "Query"],
      },
    ],
    [
      "Connect",
      {
        "tenant#*": ["GetItem", "PutItem", "Query"],
        "link#*": ["GetItem", "UpdateItem"],
        "key#*": ["DeleteItem", "UpdateItem"],
        "audit#*": ["PutItem"],
      },
    ],
    [
      "Upkeep",
      {
        tenants: ["DeleteItem", "PutItem", "Query"],
        "tenant#*": ["BatchGetItem", "DeleteItem", "GetItem", "PutItem", "Query"],
        "link#*": ["BatchGetItem", "UpdateItem"],
        "key#*": ["DeleteItem", "UpdateItem"],
        "audit#*": ["PutItem"],
      },
    ],
    ["Verify", {}],
  ])("lets %s use these partitions, so, and no others", (within, rights) => {
    expect(rightsByPartition(service, within)).toEqual(rights);
  });

  it.each([
    ["list tenants", { action: "Query", leadingKeys: ["tenants"] }],
    ["read an audit trail", { action: "Query", leadingKeys: ["audit#acme"] }],
    ["overwrite a claim of a key", { action: "PutItem", leadingKeys: ["key#0"] }],
    ["make a link", { action: "PutItem", leadingKeys: ["link#0"] }],
    ["delete a feed", { action: "DeleteItem", leadingKeys: ["tenant#acme"] }],
    ["touch a partition beside a tenant's", { action: "PutItem", leadingKeys: ["tenant#acme", "system"] }],
    ["name no key", { action: "GetItem", leadingKeys: [] }],
    ["read the whole table", { action: "Scan", leadingKeys: [] }],
    ["ask the ledger's index", { action: "Query", leadingKeys: ["2026-11-25T09"], index: "writtenIn" }],
  ])("does not let the connect page %s", (_, call) => {
    expect(tableRights(service, "Connect")(call)).toBe(false);
  });
});
