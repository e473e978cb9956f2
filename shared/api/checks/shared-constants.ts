/** Constants that make many users, devices or batches one. */
import type { Value, ValueObject } from "../../core/mapping/value.schema.ts";
import type { Path, ValuePlace } from "../shapes/value-shape.ts";

/** A constant for what each user, device or batch has its own of. */
export interface SharedConstant {
  readonly path: Path;
  /** What it makes of many. */
  readonly makes: string;
  /** Counts only for want of what the event says. */
  readonly isFallback: boolean;
}

const MAKES = {
  user: "all users who have it would be one person",
  device: "all devices that have it would be one",
  address: "all users who have it would be in one place",
  batch: "mParticle takes the first batch that has it, and no other",
} as const;

export function sharedConstants({ value, shape, path }: ValuePlace): SharedConstant[] {
  const { tells } = shape.kind === "scalar" ? shape : {};
  if (!tells) return [];
  let isFallback = false;
  return alternatives(value, path).flatMap((one) => {
    const { key, value: constant } = typeof one.value === "string" ? { key: one.value } : one.value;
    isFallback ||= key !== undefined;
    if (constant === undefined || constant === null || constant === "") return [];
    return [{ path: [...one.path, "value"], makes: MAKES[tells], isFallback }];
  });
}

/** Where one value of a list counts, all of them in their order. */
function alternatives(value: Value, path: Path): { value: string | ValueObject; path: Path }[] {
  return Array.isArray(value)
    ? value.flatMap((one, i) => alternatives(one, [...path, i]))
    : [{ value, path }];
}
