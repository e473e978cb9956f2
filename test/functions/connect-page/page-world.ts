/** The page's handler over links in memory, for tests of what it answers. */
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { BrandSchema } from "../../../functions/connect-page/brand.schema.ts";
import { createHandler } from "../../../functions/connect-page/create-handler.ts";
import { pageAssets } from "../../../functions/connect-page/page-assets.ts";
import { NOW_MS } from "../../support/builders.ts";
import { capturedLog } from "../../support/captured-log.ts";
import { FakePageLinks, type Judge } from "../../support/fake-page-links.ts";

export const FORM = "application/x-www-form-urlencoded";

export interface Sent {
  readonly method?: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A form's fields, or its text. */
  readonly form?: Readonly<Record<string, string>> | string;
}

export function pageWorld(judge?: Judge) {
  const links = new FakePageLinks(judge);
  const log = capturedLog();
  const brand = BrandSchema.parse({ name: "Acme <Mail>" });
  /** Failures of each request. */
  const failures: number[] = [];
  const deps = { links, brand, assets: pageAssets(brand), clock: { nowMs: () => NOW_MS }, log };
  const handler = createHandler(deps, (report) => failures.push(report.failures));
  return {
    links,
    log,
    failures,
    /** What a browser would send. */
    async send(token: string, { method = "GET", query = "", headers = {}, form }: Sent = {}) {
      const body = typeof form === "object" ? new URLSearchParams(form).toString() : form;
      const event = {
        rawPath: `/connect/${token}`,
        rawQueryString: query,
        headers: {
          host: "connect.example.com",
          ...(form !== undefined && { "content-type": FORM }),
          ...headers,
        },
        body: body ?? null,
        isBase64Encoded: false,
        requestContext: { requestId: "request-1", http: { method, sourceIp: "192.0.2.7" } },
      };
      const {
        statusCode,
        headers: answered,
        body: text = "",
      } = await handler(event as unknown as APIGatewayProxyEventV2);
      return { status: statusCode, headers: answered as Record<string, string>, text };
    },
  };
}
