import type { Brand } from "./brand.schema.ts";
import type { Language, Messages } from "./messages.ts";

/** What every view needs. */
export interface PageContext {
  readonly brand: Brand;
  readonly language: Language;
  readonly messages: Messages;
}
