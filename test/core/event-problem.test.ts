import { describe, expect, it, test } from "vitest";
import { convertEvent } from "../../shared/core/convert/convert-event.ts";
import { eventProblem } from "../../shared/core/event-problem.ts";
import type { PartnerEvent } from "../../shared/core/message.schema.ts";
import { parseFeed, parseTenant } from "../../shared/core/validators.ts";
import { NOW_MS } from "../support/builders.ts";

const context = { tenant: parseTenant({ tenantId: "acme" }), sentAtMs: NOW_MS, partnerIdentity: undefined };

describe("an event that is not of the contract is told what is wrong, where, and what it has to be", () => {
  const CONTRACT = "The event is not of the contract: ";
  test.each([
    [{ type: "track", userId: "u" }, "event", '"event" is required.'],
    [{ type: "track", event: 42, userId: "u" }, "event", '"event" must be string.'],
    [{ type: "track", event: "E", properties: ["a"] }, "properties", '"properties" must be an object.'],
    [{ type: "identify", userId: "u", traits: "gold" }, "traits", '"traits" must be an object.'],
    [{ type: "track", event: "E", userId: {} }, "userId", '"userId" must be a text or a number.'],
    [
      { type: "audience", audience: "VIP", action: "join", userId: "u" },
      "action",
      '"action" is not one of add, upsert, remove, mirror.',
    ],
    [{ type: "batch" }, "batch", '"batch" is required.'],
  ])("%j", (event, path, said) => {
    expect(eventProblem(event)).toEqual({
      code: "event_invalid",
      severity: "error",
      path,
      message: `${CONTRACT}${said}`,
    });
  });
});

test.each([[{ type: "purchase" }], [{ event: "E" }], ["text"], [null], [[]]])(
  "%j is told the types that there are",
  (event) => {
    expect(eventProblem(event)).toMatchObject({
      code: "event_type_unknown",
      message: expect.stringContaining("missing, or none of track, identify, page"),
    });
  },
);

it("a batch that fails mParticle's schema is told the field", () => {
  const event = {
    type: "batch",
    batch: {
      user_identities: { customer_id: "u" },
      events: [{ event_type: "custom_event", data: { custom_event_type: "other" } }],
    },
  } as unknown as PartnerEvent;

  expect(convertEvent(event, { ...context, feed: parseFeed({ feedId: "default" }) })).toMatchObject({
    kind: "rejected",
    findings: [
      {
        code: "batch_invalid",
        path: "batch.events[0].data.event_name",
        message: `The batch fails mParticle's schema: "events[0].data.event_name" is required.`,
      },
    ],
  });
});

it.each([[{ id: 1 }], ["x".repeat(257)]])("a source request id that is none is no identity: %j", (id) => {
  const feed = parseFeed({ feedId: "default", mapping: { sourceRequestId: "properties.id" } });
  const event = { type: "track", event: "E", userId: "u", properties: { id } } as PartnerEvent;

  const conversion = convertEvent(event, { ...context, feed });

  expect(conversion).toMatchObject({
    kind: "contribution",
    findings: [{ code: "field_invalid", path: "mapping.sourceRequestId" }],
  });
  expect(conversion.kind === "contribution" && conversion.contribution.envelope.sourceRequestId).toBe(
    undefined,
  );
});
