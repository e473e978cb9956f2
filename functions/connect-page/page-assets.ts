import { createHash } from "node:crypto";
import type { Brand } from "./brand.schema.ts";
import { CONTROL_CONTRAST, standingOut, TEXT_CONTRAST, textOn } from "./colour.ts";
import * as compiled from "./compiled/page-assets.js";
import { type Html, trustedText } from "./html.ts";

/** The page's style and script, which lie in the page itself, and their hashes, by which the browser knows them as ours. */
export interface PageAssets {
  readonly style: Html;
  readonly script: Html;
  readonly styleHash: string;
  readonly scriptHash: string;
}

/** Backgrounds of the style sheet that the partner's colour is seen on: in the light scheme and in the dark one. */
const LIGHT = "#f5f6f8";
const DARK = "#191f26";

export function pageAssets({ colour }: Brand): PageAssets {
  const style = `:root{${Object.entries(brandColours(colour))
    .map(([name, value]) => `--brand${name}:${value}`)
    .join(";")}}${compiled.style}`;
  return {
    style: trustedText(style),
    script: trustedText(compiled.script),
    styleHash: sha256(style),
    scriptHash: sha256(compiled.script),
  };
}

function brandColours(colour: string) {
  return {
    "": colour,
    "-ink": textOn(colour),
    "-text-on-light": standingOut(colour, LIGHT, TEXT_CONTRAST),
    "-text-on-dark": standingOut(colour, DARK, TEXT_CONTRAST),
    "-edge-on-light": standingOut(colour, LIGHT, CONTROL_CONTRAST),
    "-edge-on-dark": standingOut(colour, DARK, CONTROL_CONTRAST),
  };
}

function sha256(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
