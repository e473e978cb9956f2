import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { routeAt } from "../../../functions/onboarding-api/match-route.ts";
import { openApiDocument } from "../../../local/openapi/document.ts";
import { routeOf } from "../../../shared/api/routes.ts";

const document = openApiDocument();

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema({ $id: "api", components: document.components });

interface Media {
  readonly schema?: object;
}
interface DocumentedResponse {
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, Media>>;
}

/**
 * Throws where an answer is none that the API's own document describes: its status, its type, its body, its headers.
 *
 * @param path - As it was requested, the query left out.
 */
export async function assertDocumented(method: string, path: string, response: Response): Promise<void> {
  const documented = responseOf(method, path, response.status);
  const type = response.headers.get("content-type") ?? undefined;
  const text = await response.clone().text();
  const fail = (why: string) => {
    throw new Error(`${method} ${path} answered ${response.status} ${type}: ${why}`);
  };
  if (!documented) return fail("the status is not documented");
  for (const name of Object.keys(documented.headers ?? {}))
    if (!response.headers.has(name)) fail(`the header ${name} is missing`);
  if (!documented.content) return text === "" ? undefined : fail("it has a body");
  const schema = documented.content[type ?? ""]?.schema;
  if (!schema) return fail("the type is not documented");
  const validate = validatorOf(schema);
  if (!validate(JSON.parse(text))) fail(ajv.errorsText(validate.errors));
}

/** Undefined: it is not documented. Paths that no route has are documented by being none: 404 and 405 problems. */
function responseOf(method: string, path: string, status: number): DocumentedResponse | undefined {
  const found = routeAt(method, path.split("/"));
  if (found) {
    const route = routeOf(found.operationId);
    const item = document.paths?.[route.path] as Record<string, { responses?: object }> | undefined;
    const responses = item?.[route.method.toLowerCase()]?.responses;
    return (responses as Record<string, DocumentedResponse> | undefined)?.[status];
  }
  if (![401, 404, 405].includes(status)) return undefined;
  const ref = (name: string) => ({ schema: { $ref: `#/components/schemas/${name}` } });
  return {
    content: { "application/problem+json": ref("Problem"), "application/json": ref("GatewayAnswer") },
  };
}

const validators = new Map<string, ValidateFunction>();

function validatorOf(schema: object): ValidateFunction {
  const text = JSON.stringify(schema).replaceAll('"#/components/', '"api#/components/');
  const known = validators.get(text);
  if (known) return known;
  const made = ajv.compile(JSON.parse(text));
  validators.set(text, made);
  return made;
}
