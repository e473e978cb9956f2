/** Names of the form's fields: by the place of a feed among those of its link, so that nothing of the partner's is told. */
export interface FieldNames {
  readonly key: string;
  readonly secret: string;
}

export function fieldName(place: number): FieldNames {
  return { key: `key-${place + 1}`, secret: `secret-${place + 1}` };
}
