import { expect, test } from "vitest";
import { nearestName } from "../../shared/api/checks/nearest-name.ts";

const PODS = ["us1", "us2", "eu1", "au1"];
const IDENTITIES = ["customer_id", "other", "other_id_2", "other_id_10", "phone_number_2", "phone_number_3"];

test.each<[string, readonly string[], string]>([
  ["eventtype", ["event", "eventType", "type"], "eventType"],
  ["quantitiy", ["quantity", "position"], "quantity"],
  ["model", ["device_model", "device"], "device_model"],
  ["knid", ["kind", "pod"], "kind"],
  ["tpye", ["type", "map"], "type"],
  ["Andriod", ["Android", "iOS"], "Android"],
  ["usreIdentiteis", ["userIdentities", "userAttributes"], "userIdentities"],
  ["kee", ["key", "map", "set"], "key"],
  ["US-1", PODS, "us1"],
  ["other2", IDENTITIES, "other_id_2"],
  ["phone_numbr_3", IDENTITIES, "phone_number_3"],
])("%s of %j is surely %s", (given, known, name) => {
  expect(nearestName(given, known)).toBe(name);
});

test.each<[string, string, readonly string[]]>([
  ["another number", "us3", PODS],
  ["another word of a short name", "uk1", PODS],
  ["the beginning of several", "us", PODS],
  ["another number of a long name", "other_id_11", IDENTITIES],
  ["as near to two", "phone_number", IDENTITIES],
  ["nearly two names", "bat", ["cat", "hat"]],
  ["two of three letters", "mpa", ["set", "app"]],
  ["nothing like it", "colour", ["event", "type"]],
  ["very long", `${"x".repeat(40)}y`, ["x".repeat(40)]],
])("what is %s is none: %s", (_, given, known) => {
  expect(nearestName(given, known)).toBeUndefined();
});
