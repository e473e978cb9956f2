/** The events of a batch: what users do, and the union of all 17 types. */
import * as z from "zod";
import {
  ApplicationStateTransitionEventSchema,
  BreadcrumbEventSchema,
  CrashReportEventSchema,
  FirstRunEventSchema,
  NetworkPerformanceEventSchema,
  OptOutEventSchema,
  ProfileEventSchema,
  PushMessageEventSchema,
  PushRegistrationEventSchema,
  SessionEndEventSchema,
  SessionStartEventSchema,
  UninstallEventSchema,
  UserAttributeChangeEventSchema,
  UserIdentityChangeEventSchema,
} from "./app-events.schema.ts";
import {
  ImpressionSchema,
  ProductActionSchema,
  PromotionActionSchema,
  ShoppingCartSchema,
} from "./commerce.schema.ts";
import { data } from "./event-data.schema.ts";
import { CUSTOM_EVENT_TYPES, EQUALLY_NAMED_ACTIONS } from "./names.ts";
import { Flag, Text, TextMap } from "./values.schema.ts";

export const CustomEventSchema = z.strictObject({
  event_type: z.literal("custom_event"),
  data: data({
    event_name: z.string(),
    custom_event_type: z.enum(CUSTOM_EVENT_TYPES),
    custom_flags: TextMap.nullish(),
  }),
});

/**
 * mParticle asks for exactly one of `product_action`, `promotion_action` and `product_impressions`. Its published schema
 * does not, so neither does this one: converting ensures it.
 */
export const CommerceEventSchema = z.strictObject({
  event_type: z.literal("commerce_event"),
  data: data({
    product_action: ProductActionSchema.nullish(),
    promotion_action: PromotionActionSchema.nullish(),
    product_impressions: z.array(ImpressionSchema).nullish(),
    shopping_cart: ShoppingCartSchema.nullish(),
    currency_code: Text.optional(),
    screen_name: z.string().optional(),
    is_non_interactive: Flag.optional(),
    event_name: z.string().optional(),
    custom_event_type: z
      .enum([
        ...CUSTOM_EVENT_TYPES,
        ...EQUALLY_NAMED_ACTIONS,
        "remove_from_wishlist",
        "promotion_view",
        "promotion_click",
        "impression",
        "attribution",
        "consent_granted",
        "consent_denied",
      ])
      .optional(),
    custom_flags: TextMap.nullish(),
  }),
});

export const ScreenViewEventSchema = z.object({
  event_type: z.literal("screen_view"),
  data: data({ screen_name: z.string(), activity_type: Text.optional(), custom_flags: TextMap.nullish() }),
});

/** `pre_attribution` and `push_reaction` are named in mParticle's list of types, but have no format and fail. */
export const BatchEventSchema = z.discriminatedUnion("event_type", [
  // The order in which the compiled code compares: the commonest first.
  CustomEventSchema,
  CommerceEventSchema,
  ScreenViewEventSchema,
  ApplicationStateTransitionEventSchema,
  SessionStartEventSchema,
  SessionEndEventSchema,
  FirstRunEventSchema,
  UninstallEventSchema,
  OptOutEventSchema,
  PushRegistrationEventSchema,
  PushMessageEventSchema,
  BreadcrumbEventSchema,
  CrashReportEventSchema,
  NetworkPerformanceEventSchema,
  ProfileEventSchema,
  UserAttributeChangeEventSchema,
  UserIdentityChangeEventSchema,
]);

export type CustomEvent = z.infer<typeof CustomEventSchema>;
export type CommerceEvent = z.infer<typeof CommerceEventSchema>;
export type ScreenViewEvent = z.infer<typeof ScreenViewEventSchema>;
export type BatchEvent = z.infer<typeof BatchEventSchema>;
export type CustomEventType = (typeof CUSTOM_EVENT_TYPES)[number];
