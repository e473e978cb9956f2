import { isObject } from "../convert/reader.ts";
import { conversionOf } from "../mapping/convert-value.ts";
import { read } from "../mapping/path.ts";
import type { PartnerEvent, RowEvent } from "../message.schema.ts";
import { columnsOf } from "../rows/row-columns.ts";
import { fromJsonText } from "../rows/warehouse-value.ts";
import type { ConsentPlan } from "./consent-plan.ts";

/**
 * The first required category that an event does not carry as true, in its preferences or, of a batch, in its own gdpr consent
 * state; undefined: it has them all. A row may say true as rows do.
 */
export function missingCategory(
  event: PartnerEvent,
  { required, preferences: steps }: ConsentPlan,
): string | undefined {
  if (event.type === "row") {
    const given = givenByRow(event, steps);
    return required.find((category) => booleanOf(given(category)) !== true);
  }
  const preferences = read(event, steps);
  const gdpr = event.type === "batch" ? at(event.batch["consent_state"], "gdpr") : undefined;
  return required.find(
    (category) => at(preferences, category) !== true && at(at(gdpr, category), "consented") !== true,
  );
}

const booleanOf = conversionOf("boolean", "");

/** What a row says of a category: in a column of its name, or in a column that holds an object or JSON text of one. */
function givenByRow(row: RowEvent, steps: ConsentPlan["preferences"]): (category: string) => unknown {
  const [first, column, ...rest] = steps;
  const columnOf = columnsOf(row.values);
  const inColumn = (name: string) => at(row.values, columnOf(name) ?? name);
  if (first === "values" && column === undefined) return inColumn;
  const preferences =
    first === "values" ? read(fromJsonText(inColumn(String(column))), rest) : read(row, steps);
  return (category) => at(preferences, category);
}

function at(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}
