import type { AttributeValue, Contribution } from "../contribution.ts";
import { MAX_USER_ATTRIBUTES } from "../limits.ts";
import type { Part } from "./assemble.ts";

/** What is said about a user beside events. */
export interface Profile {
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly deleted: readonly string[];
}

const NOTHING: Profile = { attributes: {}, deleted: [] };

/** What a group says about its user. Parts come in time order: a later one wins, whether it sets or deletes. */
export function mergeProfiles(parts: readonly Part[]): Profile {
  const contributions: Contribution[] = [];
  for (const { contribution } of parts) if (saysOfUser(contribution)) contributions.push(contribution);
  const only = contributions[0];
  if (!only) return NOTHING;
  if (contributions.length === 1) {
    const { userAttributes = {}, deletedUserAttributes = [] } = only;
    return { attributes: userAttributes, deleted: deletedUserAttributes };
  }
  const attributes: Record<string, AttributeValue> = {};
  const deleted = new Set<string>();
  for (const contribution of contributions) {
    for (const name of contribution.deletedUserAttributes ?? []) {
      deleted.add(name);
      delete attributes[name];
    }
    for (const name in contribution.userAttributes) {
      const value = contribution.userAttributes[name];
      if (value === undefined) continue;
      deleted.delete(name);
      attributes[name] = value;
    }
  }
  return { attributes, deleted: [...deleted] };
}

/** Whether a contribution says anything about its user beside events. */
export function saysOfUser({ userAttributes, deletedUserAttributes }: Contribution): boolean {
  return userAttributes !== undefined || deletedUserAttributes !== undefined;
}

/** Cuts a profile into pieces of as many attributes as a batch may have; one piece nearly always, even of nothing. */
export function splitProfile(profile: Profile): readonly [Profile, ...Profile[]] {
  const names = Object.keys(profile.attributes);
  if (names.length <= MAX_USER_ATTRIBUTES) return [profile];
  const others: Profile[] = [];
  for (let from = MAX_USER_ATTRIBUTES; from < names.length; from += MAX_USER_ATTRIBUTES) {
    others.push({ attributes: pick(profile, names.slice(from, from + MAX_USER_ATTRIBUTES)), deleted: [] });
  }
  return [
    { attributes: pick(profile, names.slice(0, MAX_USER_ATTRIBUTES)), deleted: profile.deleted },
    ...others,
  ];
}

/** Two halves of a profile. Undefined: it says one thing only. */
export function halveProfile(profile: Profile): readonly [Profile, Profile] | undefined {
  const names = Object.keys(profile.attributes);
  if (names.length > 0 && profile.deleted.length > 0) {
    return [
      { attributes: profile.attributes, deleted: [] },
      { attributes: {}, deleted: profile.deleted },
    ];
  }
  const half = Math.ceil(Math.max(names.length, profile.deleted.length) / 2);
  const halves = [
    { attributes: pick(profile, names.slice(0, half)), deleted: profile.deleted.slice(0, half) },
    { attributes: pick(profile, names.slice(half)), deleted: profile.deleted.slice(half) },
  ] as const;
  return isEmpty(halves[1]) ? undefined : halves;
}

export function isEmpty({ attributes, deleted }: Profile): boolean {
  for (const _ in attributes) return false;
  return deleted.length === 0;
}

function pick({ attributes }: Profile, names: readonly string[]): Record<string, AttributeValue> {
  return Object.fromEntries(names.map((name) => [name, attributes[name] ?? ""]));
}
