import { globSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

const CORE = "shared/core";
const CONTRACT = [CORE, "shared/api"];
const PORTS = [...CONTRACT, "shared/ports"];
const USE_CASES = ["shared/onboarding", "shared/requeue"];
const ADAPTERS = ["shared/aws", "shared/mparticle", "shared/runtime"];

/** What the files of each room may import, beside one another: other rooms, and where packages are listed, those only. */
const ROOMS: Readonly<Record<string, { readonly rooms: readonly string[]; readonly packages?: RegExp }>> = {
  // Pure: hashing and unpacking are, and zod is for the `.schema.ts` files that are compiled.
  "shared/core": { rooms: [], packages: /^(zod|node:crypto|node:zlib)$/ },
  "shared/api": { rooms: [CORE], packages: /^zod$/ },
  "shared/ports": { rooms: CONTRACT, packages: /^$/ },
  "shared/onboarding": { rooms: PORTS, packages: /^$/ },
  "shared/requeue": { rooms: PORTS, packages: /^$/ },
  "shared/aws": { rooms: PORTS },
  "shared/mparticle": { rooms: PORTS },
  "shared/runtime": { rooms: PORTS },
  // What others build upon: the partner's own code, and programs that call the API.
  "shared/publish": { rooms: [CORE] },
  "shared/client": { rooms: CONTRACT },
  functions: { rooms: [...PORTS, ...USE_CASES, ...ADAPTERS] },
  infra: { rooms: ["functions", ...PORTS, ...ADAPTERS] },
};

/** Types of what is checked and told are written where they belong, in an outer room. They are gone when the code runs. */
const TYPES_ONLY: readonly (readonly [from: RegExp, to: RegExp])[] = [
  [/^shared\/core\//, /^shared\/api\//],
  [/^shared\/core\/validators\.ts$/, /^functions\/[^/]+\/[^/]+\.schema\.ts$/],
];

/** The functions' folders are rooms of their own kind: none looks into another. */
function roomOf(file: string): string {
  const [first = "", second = "", ...rest] = file.split("/");
  if (first !== "shared") return first;
  return rest.length > 0 ? `${first}/${second}` : "shared/ports";
}

const folderOf = (file: string) => file.split("/").slice(0, 2).join("/");

/** The imports of a file that go against the direction. */
function offences(file: string, source: string): string[] {
  const room = roomOf(file);
  const allowed = ROOMS[room];
  if (!allowed) return [`${file} is in no room`];
  const imports = source.matchAll(
    /^(?:import|export) (?<type>type )?(?:[^;"]*? from )?"(?<from>[^"]+)"|import\("(?<dynamic>[^"]+)"\)/gm,
  );
  return [...imports].flatMap(({ groups = {} }) => {
    const name = groups["from"] ?? groups["dynamic"] ?? "";
    const offence = `${file} imports ${name}`;
    if (!name.startsWith(".")) return (allowed.packages?.test(name) ?? true) ? [] : [offence];
    const target = posix.join(posix.dirname(file), name);
    if (groups["type"] && TYPES_ONLY.some(([from, to]) => from.test(file) && to.test(target))) return [];
    const isOwn = room === "functions" ? folderOf(file) === folderOf(target) : roomOf(target) === room;
    const isInward = roomOf(target) !== room && allowed.rooms.includes(roomOf(target));
    return isOwn || isInward ? [] : [offence];
  });
}

test("imports point one way: infra, functions, adapters and use cases, ports, core", () => {
  const files = globSync("{shared,functions,infra}/**/*.ts", { cwd: root });

  const found = files.flatMap((file) => offences(file, readFileSync(posix.join(root, file), "utf8")));

  expect(files.length).toBeGreaterThan(300);
  expect(found).toEqual([]);
});

test.each([
  ["functions/a/handler.ts", 'import { b } from "../b/b.ts";'],
  ["functions/a/handler.ts", 'import type { B } from "../b/b.ts";'],
  ["functions/a/views/page.ts", 'import {\n  b,\n  c,\n} from "../../b/b.ts";'],
  ["functions/a/handler.ts", 'import { start } from "../../local/start.ts";'],
  ["shared/core/judge.ts", 'import { DynamoDBClient } from "@aws-sdk/client-dynamodb";'],
  ["shared/core/judge.ts", 'import type { Clock } from "../ports.ts";'],
  ["shared/core/validators.ts", 'import { EnvSchema } from "../../functions/a/env.schema.ts";'],
  ["shared/ports.ts", 'import type { Answer } from "../functions/a/answer.ts";'],
  ["shared/onboarding/store.ts", 'export { Registry } from "../aws/registry.ts";'],
  ["shared/aws/store.ts", 'const { run } = await import("../../functions/a/run.ts");'],
  ["shared/new-room/thing.ts", ""],
])("an import of %s is objected to: %s", (file, source) => {
  expect(offences(file, source)).toHaveLength(1);
});
