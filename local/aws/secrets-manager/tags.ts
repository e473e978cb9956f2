import * as z from "zod";
import { action, SecretIdSchema, TagsSchema } from "./action.ts";

export const tagResource = action(
  z.object({ SecretId: SecretIdSchema, Tags: TagsSchema }),
  (input, store) => {
    const secret = store.getActive(input.SecretId);
    for (const { Key, Value } of input.Tags) secret.tags.set(Key, Value);
    secret.lastChangedAtMs = store.now();
    return {};
  },
);

export const untagResource = action(
  z.object({ SecretId: SecretIdSchema, TagKeys: z.array(z.string()) }),
  (input, store) => {
    const secret = store.getActive(input.SecretId);
    for (const key of input.TagKeys) secret.tags.delete(key);
    secret.lastChangedAtMs = store.now();
    return {};
  },
);
