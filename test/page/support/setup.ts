import type { LaunchOptions } from "playwright-core";
import type { TestProject } from "vitest/node";
import { findChromium } from "./chromium.ts";

declare module "vitest" {
  export interface ProvidedContext {
    chromium: LaunchOptions;
  }
}

/** Before all test files: one of them unpacking Chromium while others look for it would be a race. */
export default async function setup(project: TestProject): Promise<void> {
  project.provide("chromium", await findChromium());
}
