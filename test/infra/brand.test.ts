import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readBrand } from "../../infra/brand.ts";
import { parseBrand } from "../../shared/core/validators.ts";

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "brand-"));
  writeFileSync(join(directory, "logo.svg"), "<svg/>");
  writeFileSync(join(directory, "photo.png"), "x".repeat(3_000));
  writeFileSync(join(directory, "logo.gif"), "x");
});
afterAll(() => rmSync(directory, { recursive: true }));

function read(brand: unknown) {
  const path = join(directory, "brand.json");
  writeFileSync(path, JSON.stringify(brand));
  return readBrand(path);
}

it("puts a logo that is a file into the page", () => {
  expect(read({ name: "Acme Mail", logo: "logo.svg" })).toEqual({
    name: "Acme Mail",
    colour: "#1f5fbf",
    logo: "data:image/svg+xml;base64,PHN2Zy8+",
    logoShowsName: false,
  });
});

it("leaves addresses as they are, and gives the function what the function reads", () => {
  const brand = read({
    name: "Acme",
    logo: "https://acme.example/logo.svg",
    helpUrl: "mailto:help@acme.example",
  });

  expect(brand.logo).toBe("https://acme.example/logo.svg");
  expect(parseBrand(JSON.parse(JSON.stringify(brand)))).toEqual(brand);
});

it.each([
  ["no name", {}, /name/],
  ["an unknown field", { name: "A", color: "#123456" }, /color/],
  ["a colour by name", { name: "A", colour: "red" }, /colour/],
  ["a logo over http", { name: "A", logo: "http://acme.example/logo.svg" }, /logo/],
  [
    "a logo whose address would end the policy's list",
    { name: "A", logo: "https://acme.example/a;script-src" },
    /logo/,
  ],
  ["a logo of another type", { name: "A", logo: "logo.gif" }, /logo.*\.svg/],
  ["a logo that is too large", { name: "A", logo: "photo.png" }, /too large.*https/],
  ["help by script", { name: "A", helpUrl: "javascript:alert(1)" }, /helpUrl/],
  ["no object", null, /name/],
])("refuses %s", (_, brand, message) => {
  expect(() => read(brand)).toThrow(message);
});
