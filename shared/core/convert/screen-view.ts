import type { ScreenViewEvent } from "../batch.schema.ts";
import type { SegmentEvent } from "../message.schema.ts";
import { addPageNames, type Call, commonData, eventName, mappedName, propertyAttributes } from "./call.ts";
import { type Fields, put, section, text } from "./reader.ts";

/** mParticle's schema demands a name. */
const UNKNOWN_SCREEN = "unknown";

/** The name of a screen view, with the places that it was taken from. */
interface ScreenName {
  readonly name: string;
  readonly path: string;
  /** Top-level fields that the name says already. */
  readonly says: readonly string[];
}

/** The screen view of a page or screen call; a category or name that is not in the screen's name is an attribute. */
export function screenView(event: SegmentEvent, call: Call): ScreenViewEvent {
  const fields: Fields = { values: event, path: "", findings: call.findings };
  const mapped = mappedName(call);
  const { name, path, says } =
    mapped === undefined ? ownName(event, fields, call) : { name: mapped, path: "name", says: [] };
  const attributes = propertyAttributes(call);
  addPageNames(attributes, fields, says, call);
  const data: ScreenViewEvent["data"] = {
    ...commonData(call, attributes),
    screen_name: eventName(name, path, call.findings),
  };
  put(data, "activity_type", activityType(call));
  return { event_type: "screen_view", data };
}

/** What the call itself names the screen. */
function ownName(event: SegmentEvent, fields: Fields, call: Call): ScreenName {
  switch (event.type) {
    case "page":
      return pageName(fields, call);
    case "track":
      return { name: event.event, path: "event", says: [] };
    default:
      return screenName(fields, call);
  }
}

function activityType({ rule, scope, findings }: Call): string | undefined {
  if (!rule?.activityType) return undefined;
  return text({ values: { activityType: rule.activityType(scope) }, path: "", findings }, "activityType");
}

/** The title that the reader saw names a page best, its path worst. */
function pageName(fields: Fields, { properties, context }: Call): ScreenName {
  const title = text(properties, "title");
  if (title !== undefined) return { name: title, path: "properties.title", says: [] };
  const name = text(fields, "name");
  const category = text(fields, "category");
  if (name !== undefined) {
    return {
      name: category === undefined ? name : `${category} ${name}`,
      path: "name",
      says: ["name", "category"],
    };
  }
  const page = section(context, "page");
  const fallback = text(page, "title") ?? text(properties, "path") ?? text(page, "path");
  return { name: fallback ?? UNKNOWN_SCREEN, path: "context.page", says: [] };
}

function screenName(fields: Fields, { properties }: Call): ScreenName {
  const name = text(fields, "name") ?? text(properties, "name");
  return { name: name ?? UNKNOWN_SCREEN, path: "name", says: ["name"] };
}
