import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Runs the app as the cdk command does, which passes `-c` settings by this variable. */
function runApp(context: Record<string, string>): Promise<{ code: unknown; stderr: string }> {
  const env = { PATH: process.env["PATH"], CDK_CONTEXT_JSON: JSON.stringify(context) };
  return new Promise((resolve) => {
    execFile(process.execPath, ["infra/app.ts"], { cwd: root, env }, (error, _, stderr) =>
      resolve({ code: error?.code ?? 0, stderr }),
    );
  });
}

describe("the CDK app", () => {
  it("refuses a partner URL that customers' keys must not be sent to, in one line", async () => {
    const { code, stderr } = await runApp({
      stage: "production",
      partnerUrl: "https://mparticle.example/v2",
    });

    expect(code).toBe(2);
    expect(stderr).toMatch(/^PARTNER_URL must be .*\n$/);
  });

  it("refuses an unknown stage, in one line", async () => {
    const { code, stderr } = await runApp({ stage: "prod" });

    expect(code).toBe(2);
    expect(stderr).toBe("stage must be one of local, dev, production\n");
  });
});
