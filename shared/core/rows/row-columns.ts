import type { Values } from "../convert/reader.ts";

/** The column of a row that a name means; undefined: the row has none. */
export type ColumnOf = (name: string) => string | undefined;

/** Names mean columns whatever their case: some warehouses shout. One of the very same case goes before, then one in lower case. */
export function columnsOf(values: Values, taken?: ReadonlySet<string>): ColumnOf {
  const columns = new Map<string, string>();
  for (const column of Object.keys(values)) {
    const name = column.toLowerCase();
    if (!taken?.has(column) && (name === column || !columns.has(name))) columns.set(name, column);
  }
  return (name) =>
    Object.hasOwn(values, name) && !taken?.has(name) ? name : columns.get(name.toLowerCase());
}

/** A row in which these names can be read as they are. */
export function readableAs(values: Values, names: Iterable<string>, columnOf: ColumnOf): Values {
  let aliased: Values | undefined;
  for (const name of names) {
    const column = columnOf(name);
    if (column === undefined || column === name) continue;
    aliased ??= { ...values };
    // Not enumerable: the row as a whole has no column twice.
    Object.defineProperty(aliased, name, { value: values[column] });
  }
  return aliased ?? values;
}
