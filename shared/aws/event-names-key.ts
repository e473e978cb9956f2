/** Of the item that holds the hashes of a feed's names. */
export function eventNamesKey({ tenantId, feedId }: { readonly tenantId: string; readonly feedId: string }) {
  return { pk: { S: `tenant#${tenantId}` }, sk: { S: `names#${feedId}` } };
}
