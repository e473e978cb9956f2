import { defineConfig } from "vitest/config";

/** The connect page in a real browser: apart from the other tests because it needs one. */
export default defineConfig({
  test: {
    include: ["test/page/**/*.test.ts"],
    globalSetup: "test/page/support/setup.ts",
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
