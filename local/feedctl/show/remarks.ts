import type { Remark } from "../../../shared/api/remark.schema.ts";
import { nameOf } from "../failure-lines.ts";
import type { Session } from "../session.ts";

/** Says beside an answer what the API remarks on the settings that it is about. */
export function noteRemarks(
  session: Session,
  { remarks = [] }: { readonly remarks?: readonly Remark[] | undefined },
): void {
  for (const { message, ...place } of remarks) session.note(`remark: ${nameOf(place)} ${message}`);
}
