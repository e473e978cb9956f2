/** The OpenAPI 3.1 document of the onboarding API, from the table of routes and the schemas that the API itself checks by. */
import * as z from "zod";
import { createDocument, type ZodOpenApiObject, type ZodOpenApiOperationObject } from "zod-openapi";
import { IF_MATCH, IF_NONE_MATCH } from "../../functions/onboarding-api/precondition.ts";
import { GatewayAnswerSchema, ProblemSchema } from "../../shared/api/problem.schema.ts";
import { PROBLEMS, type ProblemCode } from "../../shared/api/problem-codes.ts";
import type { AnswerDefinition, RouteDefinition } from "../../shared/api/route.ts";
import { OPERATION_IDS, routeOf } from "../../shared/api/routes.ts";

type Responses = ZodOpenApiOperationObject["responses"];

const VERSION = "1";

const ETAG = { ETag: z.string().meta({ description: "For `If-Match`.", example: '"9o2ZBpBrgLxl"' }) };

const IF_MATCH_PARAMETER = {
  "if-match": z.string().regex(IF_MATCH).optional().meta({
    description:
      "The ETag, or several, one of which it must have; `*`: it must exist. Weak ones match nothing.",
    example: '"9o2ZBpBrgLxl"',
  }),
};
const CONDITIONS = z.object(IF_MATCH_PARAMETER);
const CREATE_CONDITIONS = z.object({
  ...IF_MATCH_PARAMETER,
  "if-none-match": z
    .string()
    .regex(IF_NONE_MATCH)
    .optional()
    .meta({ description: "`*`: it must not exist.", example: "*" }),
});

/** Answers of API Gateway itself, beside ours of the same status. */
const GATEWAY_STATUSES = [401, 403, 413, 429, 500, 503] as const;

export function openApiDocument() {
  const paths: NonNullable<ZodOpenApiObject["paths"]> = {};
  for (const operationId of OPERATION_IDS) {
    const route = routeOf(operationId);
    paths[route.path] = {
      ...paths[route.path],
      [route.method.toLowerCase()]: operationOf(operationId, route),
    };
  }
  return createDocument({
    openapi: "3.1.0",
    info: {
      title: "Partner feed connector: onboarding",
      version: VERSION,
      description:
        "Tenants, their mParticle feeds and keys, and what became of their events. Errors are problem documents (RFC 9457). " +
        "Ids consist of letters, digits, `_`, `.` and `-`, and do not begin with a dot; a path is never decoded.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    security: [{ iam: [] }, { token: [] }],
    paths,
    components: {
      securitySchemes: {
        iam: {
          type: "apiKey",
          in: "header",
          name: "Authorization",
          description: "AWS Signature Version 4, service `execute-api`.",
          "x-amazon-apigateway-authtype": "awsSigv4",
        },
        token: {
          type: "http",
          scheme: "bearer",
          description:
            "Where the deployment names an issuer: its JWT, with the scope that each operation names.",
        },
      },
    },
  });
}

function operationOf(operationId: string, route: RouteDefinition): ZodOpenApiOperationObject {
  const { params, query, body, conditional } = route;
  return {
    operationId,
    tags: [route.tag],
    summary: route.summary,
    ...(route.description !== undefined && { description: route.description }),
    "x-scope": `partner-feeds/${route.scope}`,
    requestParams: {
      ...(params && { path: params }),
      ...(query && { query }),
      ...(conditional && { header: route.method === "PUT" ? CREATE_CONDITIONS : CONDITIONS }),
    },
    ...(body && { requestBody: { required: true, content: { "application/json": { schema: body } } } }),
    responses: { ...successes(route), ...problems(route) },
  };
}

function successes({ answers }: RouteDefinition): Responses {
  return Object.fromEntries(
    Object.entries(answers).map(([status, { description, schema, etag }]: [string, AnswerDefinition]) => [
      status,
      {
        description,
        ...(etag && { headers: z.object(ETAG) }),
        ...(schema && { content: { "application/json": { schema } } }),
      },
    ]),
  );
}

function problems(route: RouteDefinition): Responses {
  const codes = new Set<ProblemCode>([
    "invalid_request",
    "unauthenticated",
    "not_allowed",
    "internal",
    ...(route.body ? (["not_json", "too_large", "unsupported_media_type"] as const) : []),
    ...(route.params ? (["not_found", "unreadable"] as const) : []),
    ...(route.conditional ? (["precondition_failed"] as const) : []),
    ...(route.problems ?? []),
  ]);
  const byStatus = Map.groupBy(codes, (code) => PROBLEMS[code].status);
  const statuses = [...new Set([...byStatus.keys(), ...GATEWAY_STATUSES])].sort();
  return Object.fromEntries(
    statuses.map((status) => {
      const own = byStatus.get(status) ?? [];
      const isGateways = (GATEWAY_STATUSES as readonly number[]).includes(status);
      return [
        String(status),
        {
          description:
            own.length > 0 ? own.map((code) => PROBLEMS[code].title).join("; ") : "API Gateway's own answer",
          content: {
            ...(own.length > 0 && { "application/problem+json": { schema: ProblemSchema } }),
            ...(isGateways && { "application/json": { schema: GatewayAnswerSchema } }),
          },
        },
      ];
    }),
  );
}
