import { previewEvents } from "../../../functions/onboarding-api/preview-events.ts";
import { parseFeed, parseTenant } from "../../../shared/core/validators.ts";
import { NOW_MS } from "../../support/builders.ts";
import type { FakeAnswers } from "./fake-api.ts";

/** Previews as the API makes them, in the test's own process. */
export const previewAnswers: FakeAnswers = {
  preview: ({ body: { feed, ...asked } }) => ({
    status: 200,
    body: previewEvents(
      asked,
      {
        tenant: parseTenant({ tenantId: "acme" }),
        feed: parseFeed({ ...feed, feedId: "default" }),
        partnerIdentity: undefined,
      },
      NOW_MS,
    ),
  }),
};
