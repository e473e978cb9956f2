import { mkdir, readFile, writeFile } from "node:fs/promises";
import { transform } from "esbuild";

const page = new URL("../../functions/connect-page/", import.meta.url);

/** Browsers that the connect page's style and script are written for; older ones get the page without them, and it works. */
const BROWSERS = ["chrome111", "edge111", "firefox113", "safari16.4"];

/** Minifies the connect page's style sheet and script into a module: a Lambda bundle is one file. */
export async function compilePageAssets(): Promise<void> {
  const [style, script] = await Promise.all([minified("page.css", "css"), minified("page.js", "js")]);
  const directory = new URL("compiled/", page);
  await mkdir(directory, { recursive: true });
  await writeFile(
    new URL("page-assets.js", directory),
    `export const style = ${JSON.stringify(style)};\nexport const script = ${JSON.stringify(script)};\n`,
  );
  await writeFile(
    new URL("page-assets.d.ts", directory),
    "export const style: string;\nexport const script: string;\n",
  );
}

async function minified(file: string, loader: "css" | "js"): Promise<string> {
  const source = await readFile(new URL(`assets/${file}`, page), "utf8");
  const { code } = await transform(source, {
    loader,
    minify: true,
    target: BROWSERS,
    charset: "utf8",
    ...(loader === "js" && { format: "iife" as const }),
  });
  return code.trim();
}
