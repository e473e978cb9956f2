/** Prints the OpenAPI 3.1 document of the onboarding API: `npm run --silent openapi > openapi.json`. */
import { openApiDocument } from "./document.ts";

process.stdout.write(`${JSON.stringify(openApiDocument(), null, 2)}\n`);
