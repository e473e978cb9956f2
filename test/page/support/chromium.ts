import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { inflate } from "@sparticuz/chromium";
import type { LaunchOptions } from "playwright-core";

/** Names of Chromium and Chrome where people have one. */
const PROGRAMS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

const CACHE = fileURLToPath(new URL("../../../node_modules/.cache/", import.meta.url));

/**
 * How to launch a Chromium without a window: the one that `CHROMIUM` names, else the one that came with the npm packages (Linux on x64,
 * unpacked on first use), else one that is installed.
 *
 * @throws {Error} one line that says what to do where there is none.
 */
export async function findChromium(): Promise<LaunchOptions> {
  const named = process.env["CHROMIUM"];
  if (named) return { executablePath: named, args: ["--no-sandbox"] };
  if (process.platform === "linux" && process.arch === "x64") return bundledChromium();
  const found = (process.env["PATH"] ?? "")
    .split(delimiter)
    .flatMap((directory) => PROGRAMS.map((program) => join(directory, program)))
    .find((path) => existsSync(path));
  if (found) return { executablePath: found, args: ["--no-sandbox"] };
  throw new Error("The page's tests need Chromium: install it, or name one with CHROMIUM=/path/to/chrome");
}

/** With the libraries and the font that it needs beside it, it runs on a Debian that has nothing but Node. */
async function bundledChromium(): Promise<LaunchOptions> {
  const { version, directory } = chromiumPackage();
  const home = join(CACHE, `chromium-${version}`);
  if (!existsSync(home)) await unpack(join(directory, "bin"), home);
  return {
    executablePath: join(home, "chromium"),
    // Root, as CI is, has no sandbox to put it into. Nothing but our own pages is opened.
    args: ["--no-sandbox"],
    env: {
      ...environment(),
      LD_LIBRARY_PATH: join(home, "al2023", "lib"),
      FONTCONFIG_FILE: join(home, "fonts.conf"),
    },
  };
}

/** Whole or not at all: another run may be unpacking at the same time, and this one may be interrupted. */
async function unpack(packed: string, home: string): Promise<void> {
  const before = process.env["TMPDIR"];
  await mkdir(CACHE, { recursive: true });
  const parts = await mkdtemp(join(CACHE, "chromium-"));
  // Where the package unpacks to.
  process.env["TMPDIR"] = parts;
  try {
    for (const part of ["chromium.br", "al2023.tar.br", "fonts.tar.br"]) await inflate(join(packed, part));
    await writeFile(
      join(parts, "fonts.conf"),
      `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${join(home, "fonts")}</dir>` +
        `<dir>/usr/share/fonts</dir><cachedir>${join(home, "fonts-cache")}</cachedir></fontconfig>\n`,
    );
    await rename(parts, home).catch((error) => {
      if (!existsSync(home)) throw error;
    });
  } finally {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
    await rm(parts, { recursive: true, force: true });
  }
}

function chromiumPackage(): { version: string; directory: string } {
  const require = createRequire(import.meta.url);
  const directory = join(dirname(require.resolve("@sparticuz/chromium")), "..");
  return { version: require(join(directory, "package.json")).version, directory };
}

function environment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
