import type { TableCall } from "../infra/table-rights.ts";

type Value = { readonly S?: string };
interface Body {
  readonly Key?: { readonly pk?: Value };
  readonly Item?: { readonly pk?: Value };
  readonly RequestItems?: Readonly<Record<string, { readonly Keys?: readonly { readonly pk?: Value }[] }>>;
  readonly IndexName?: string;
  readonly KeyConditionExpression?: string;
  readonly ExpressionAttributeValues?: Readonly<Record<string, Value>>;
}

/** A call to the table as it went over the wire. @throws for one whose partition cannot be told. */
export function tableCallOf(action: string, json: string): TableCall {
  const body = JSON.parse(json) as Body;
  const placeholder = /^(?:pk|writtenIn) = (:\w+)/.exec(body.KeyConditionExpression ?? "")?.[1];
  const values = [
    body.Key?.pk,
    body.Item?.pk,
    ...Object.values(body.RequestItems ?? {}).flatMap(({ Keys = [] }) => Keys.map(({ pk }) => pk)),
    placeholder === undefined ? undefined : body.ExpressionAttributeValues?.[placeholder],
  ];
  const leadingKeys = values.flatMap((value) => value?.S ?? []);
  if (leadingKeys.length === 0) throw new Error(`Which partition is this? ${action} ${json}`);
  return { action, leadingKeys, index: body.IndexName };
}
