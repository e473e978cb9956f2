import * as z from "zod";
import { SecretsManagerError } from "./secrets-manager-error.ts";

export const pageFields = {
  MaxResults: z.int().min(1).max(100).default(100),
  NextToken: z.string().optional(),
};

/**
 * One page of a list; the token of the next one is the position where it starts.
 *
 * @throws {SecretsManagerError} InvalidNextTokenException
 */
export function page<T>(
  all: readonly T[],
  { MaxResults, NextToken = "0" }: { readonly MaxResults: number; readonly NextToken?: string | undefined },
): { items: readonly T[]; NextToken?: string } {
  if (!/^\d+$/.test(NextToken)) {
    throw new SecretsManagerError("InvalidNextTokenException", "The NextToken value is invalid.");
  }
  const start = Number(NextToken);
  const end = start + MaxResults;
  return { items: all.slice(start, end), ...(end < all.length && { NextToken: String(end) }) };
}
