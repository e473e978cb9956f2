import { expect, test } from "vitest";
import { judgeBatchResponse } from "../../../local/event-source/batch-response.ts";

const messageIds = new Set(["a", "b", "c"]);

test.each([
  ["nothing", undefined],
  ["null", null],
  ["an empty object", {}],
  ["a null list", { batchItemFailures: null }],
  ["an empty list", { batchItemFailures: [] }],
])("%s says that every record succeeded", (_, response) => {
  expect(judgeBatchResponse(response, messageIds)).toEqual({ kind: "settled", failed: new Set() });
});

test("the listed records failed and the others succeeded", () => {
  const response = {
    batchItemFailures: [{ itemIdentifier: "b" }, { itemIdentifier: "c" }, { itemIdentifier: "b" }],
  };

  expect(judgeBatchResponse(response, messageIds)).toEqual({ kind: "settled", failed: new Set(["b", "c"]) });
});

test.each([
  ["text", "done"],
  ["a bare list", [{ itemIdentifier: "a" }]],
  ["a list that is no list", { batchItemFailures: { itemIdentifier: "a" } }],
  ["an unknown message id", { batchItemFailures: [{ itemIdentifier: "a" }, { itemIdentifier: "z" }] }],
  ["an empty message id", { batchItemFailures: [{ itemIdentifier: "" }] }],
  ["a null message id", { batchItemFailures: [{ itemIdentifier: null }] }],
  ["a misspelt key", { batchItemFailures: [{ itemIdentifer: "a" }] }],
  ["message ids without their objects", { batchItemFailures: ["a"] }],
])("%s makes the answer invalid", (_, response) => {
  expect(judgeBatchResponse(response, messageIds)).toEqual({ kind: "invalid" });
});
