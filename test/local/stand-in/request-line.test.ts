import { expect, test } from "vitest";
import { formatRequestLine, type RequestLine } from "../../../local/stand-in/request-line.ts";

function line(rawBody: string, body?: unknown): RequestLine {
  return {
    at: 1,
    method: "POST",
    path: "/p",
    status: 202,
    apiKey: "k",
    bytes: rawBody.length,
    body,
    rawBody,
  };
}

test("a line has the body as it came, digits beyond 53 bits included", () => {
  const rawBody = '[{"mpid":-9223372036854775807}]';

  const json = formatRequestLine(line(rawBody, JSON.parse(rawBody)));

  expect(json).toBe(
    `{"at":1,"method":"POST","path":"/p","status":202,"apiKey":"k","bytes":31,"body":${rawBody}}`,
  );
});

test("a body of several lines becomes one", () => {
  const body = [{ ip: "::1" }];
  const rawBody = JSON.stringify(body, undefined, 2).replaceAll("\n", "\r\n");

  const json = formatRequestLine(line(rawBody, body));

  expect(json).not.toMatch(/[\r\n]/);
  expect(JSON.parse(json).body).toEqual(body);
});

test("a body that is not JSON becomes a string", () => {
  const json = formatRequestLine(line("[{\n"));

  expect(JSON.parse(json).body).toBe("[{\n");
});
