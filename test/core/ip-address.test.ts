import { describe, expect, it } from "vitest";
import { IP_ADDRESS } from "../../shared/core/ip-address.ts";

describe("IP_ADDRESS", () => {
  it.each([
    "0.0.0.0",
    "255.255.255.255",
    "::",
    "::1",
    "1::",
    "2001:db8::ff00:42:8329",
    "1:2:3:4:5:6:7:8",
    "1:2:3:4:5:6:7::",
    "::2:3:4:5:6:7:8",
    "FE80::ABCD",
    "::ffff:192.0.2.128",
    "1:2:3:4:5:6:192.0.2.128",
    "64:ff9b::192.0.2.33",
  ])("matches %s", (address) => {
    expect(address).toMatch(IP_ADDRESS);
  });

  it.each([
    "",
    "localhost",
    "192.0.2",
    "192.0.2.1.5",
    "192.0.2.256",
    "192.0.2.01",
    " 192.0.2.1",
    "192.0.2.1\n",
    "192.0.2.1:443",
    ":",
    ":::",
    "1::2::3",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7:192.0.2.1",
    "12345::",
    "g::1",
    "[::1]",
    "fe80::1%eth0",
    "::192.0.2.256",
  ])("does not match %j", (address) => {
    expect(address).not.toMatch(IP_ADDRESS);
  });
});
