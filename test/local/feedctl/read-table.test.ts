import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openTable, type TableOptions, type TableRow } from "../../../local/feedctl/input/read-table.ts";
import { tableOptions } from "../../../local/feedctl/input/table-options.ts";

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "table-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

async function rowsOf(content: string, options: Partial<TableOptions> = {}): Promise<TableRow[]> {
  const path = join(directory, "table");
  writeFileSync(path, content);
  const table = await openTable(path, process.stdin, {
    format: "csv",
    delimiter: ",",
    nullText: undefined,
    ...options,
  });
  const rows: TableRow[] = [];
  for await (const row of table.rows) rows.push(row);
  // What is no row is told as soon as it is met, before rows that wait to be read.
  return rows.sort((a, b) => a.line - b.line);
}

it.each([
  ["\n", ""],
  ["\r\n", ""],
  ["\n", "\uFEFF"],
])(
  "counts lines as an editor does, breaks inside of quotes and empty lines too: %j %j",
  async (end, start) => {
    const lines = ["a,b", '1,"x', 'y"', "2,z", "", '3,"p', "", 'q"', "4", "5,k", ""];

    const rows = await rowsOf(start + lines.join(end));

    expect(rows.map((row) => [row.line, "values" in row ? row.values["a"] : row.problem])).toEqual([
      [3, "1"],
      [4, "2"],
      [8, "3"],
      [9, "has not as many cells as the first line"],
      [10, "5"],
    ]);
  },
);

it("keeps line breaks inside of quotes as they are", async () => {
  const rows = await rowsOf('a\r\n"x\r\ny"\r\n');

  expect(rows).toEqual([{ line: 3, values: { a: "x\r\ny" } }]);
});

it("counts a header of several lines", async () => {
  expect(await rowsOf('"a\r\nc",b\r\n1,2\r\n')).toEqual([{ line: 3, values: { "a\r\nc": "1", b: "2" } }]);
});

it.each([
  ["a\tb\n1\t2\n", 'tabs in it: say --delimiter "\\t"'],
  ["a;b\n1;2\n", '; in it: say --delimiter ";"'],
  ["a|b\n1|2\n", '| in it: say --delimiter "|"'],
])("refuses %j as one column", async (content, message) => {
  await expect(rowsOf(content)).rejects.toThrow(message);
});

it("refuses a directory, and a delimiter that is nothing, in a sentence", async () => {
  const options: TableOptions = { format: "csv", delimiter: ",", nullText: undefined };

  await expect(openTable(directory, process.stdin, options)).rejects.toThrow("is a directory");
  expect(() => tableOptions("a.csv", { delimiter: "" })).toThrow("--delimiter must not be empty");
});

it("takes a file of one column", async () => {
  expect(await rowsOf("id\n1\n")).toEqual([{ line: 2, values: { id: "1" } }]);
});
