/** Places of events that surely mean another one. Not of rows: a column may have any name. */
import type { EventPlace } from "../../../shared/api/checks/places.ts";
import type { Remark } from "../../../shared/api/remark.schema.ts";
import { pointer } from "../field-errors.ts";

/** Where events of the Segment spec keep what is theirs, and the elements of their lists hardly anything. */
const OF_EVENTS = /^(?:properties|traits)(?:[.[]|$)/;

const BLANK_ENDS = /(?:^|\.)\s|\s(?:\.|$)/;

/** Who quotes a name means it to the letter. */
const QUOTED = /\["(?:[^"\\]|\\.)+"\]/g;

/** @param setting - That reads them. */
export function placeRemarks(places: readonly EventPlace[], setting: "mapping" | "consent"): Remark[] {
  return places.flatMap((place): Remark[] => {
    const said = saidOf(place);
    return said ? [{ pointer: pointer([setting, ...place.path]), ...said }] : [];
  });
}

function saidOf({ text, isInLoop }: EventPlace): Pick<Remark, "code" | "message"> | undefined {
  if (isInLoop && OF_EVENTS.test(text))
    return {
      code: "place_in_loop",
      message: "is read from each element of the loop: a place of the event begins with $.",
    };
  if (BLANK_ENDS.test(text.replace(QUOTED, "")))
    return {
      code: "place_misspelt",
      message: "has a blank at the end of a name, which is read as part of it",
    };
  if (text.startsWith("/"))
    return {
      code: "place_misspelt",
      message: "is read as one name, slashes and all: places have dots, as in properties.total",
    };
  return undefined;
}
