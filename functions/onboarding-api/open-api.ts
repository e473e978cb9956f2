import { openApiText } from "../../shared/core/compiled/openapi.js";

/** The API's description, made when the project is compiled (`local/openapi/document.ts`). */
export const openApi: { openapi: string } = JSON.parse(openApiText);
