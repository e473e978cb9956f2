import type { Remark } from "../../../shared/api/remark.schema.ts";
import { nameOf } from "../failure-lines.ts";
import type { Session } from "../session.ts";

/** Pointers to settings, which the API's sentences name by those alone. */
const POINTERS = /(?<=^|\s)\/mapping(?:\/[A-Za-z0-9]+)*/g;

/** Says beside an answer what the API remarks on the settings that it is about. */
export function noteRemarks(
  session: Session,
  { remarks = [] }: { readonly remarks?: readonly Remark[] | undefined },
): void {
  for (const remark of remarks)
    session.note(`remark: ${remarkLine(remark, (pointer) => nameOf({ pointer }))}`);
}

/** A remark with all of its places as they are written where it is read. */
export function remarkLine({ pointer, message }: Remark, write: (pointer: string) => string): string {
  return `${write(pointer)} ${message.replaceAll(POINTERS, write)}`;
}
