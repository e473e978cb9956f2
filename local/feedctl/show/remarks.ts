import type { FeedAnswer } from "../../../shared/api/feed.schema.ts";
import { nameOf } from "../failure-lines.ts";
import type { Session } from "../session.ts";

/** Says beside an answer what the API remarks on a feed's settings. */
export function noteRemarks(session: Session, { remarks = [] }: FeedAnswer): void {
  for (const { message, ...place } of remarks) session.note(`remark: ${nameOf(place)} ${message}`);
}
