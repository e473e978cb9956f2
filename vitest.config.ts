import { configDefaults, defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // In a browser, by vitest.page.config.ts.
    exclude: [...configDefaults.exclude, "test/page/**"],
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
