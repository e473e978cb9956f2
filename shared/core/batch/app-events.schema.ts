/** Events that an app or its SDK reports: lifecycle, sessions, push, crashes, bookkeeping of profiles. */
import * as z from "zod";
import { data } from "./event-data.schema.ts";
import { UserIdentitySchema } from "./user.schema.ts";
import { Flag, Integer, optionalFields, Text, TextOrList } from "./values.schema.ts";

export const SessionStartEventSchema = z.object({ event_type: z.literal("session_start"), data: data({}) });

export const SessionEndEventSchema = z.object({
  event_type: z.literal("session_end"),
  data: data({ session_duration_ms: Integer }),
});

export const ApplicationStateTransitionEventSchema = z.strictObject({
  event_type: z.literal("application_state_transition"),
  data: data({
    application_transition_type: z.enum([
      "application_initialized",
      "application_exit",
      "application_background",
      "application_foreground",
    ]),
    ...optionalFields(["is_first_run", "is_upgrade", "successfully_closed"], Flag),
    ...optionalFields(["push_notification_payload", "launch_referral"], Text),
  }),
});

export const FirstRunEventSchema = z.strictObject({ event_type: z.literal("first_run"), data: data({}) });

export const UninstallEventSchema = z.object({ event_type: z.literal("uninstall"), data: data({}) });

export const OptOutEventSchema = z.object({
  event_type: z.literal("opt_out"),
  data: data({ is_opted_out: Flag }),
});

export const PushRegistrationEventSchema = z.object({
  event_type: z.literal("push_registration"),
  data: data({ register: Flag, registration_token: z.string() }),
});

export const PushMessageEventSchema = z.object({
  event_type: z.literal("push_message"),
  data: data({
    push_message_token: Text,
    push_message_type: z.enum(["sent", "received", "action"]),
    push_notification_payload: Text,
    ...optionalFields(["message", "network", "action_identifier"], Text),
    application_state: z.enum(["not_running", "background", "foreground"]).optional(),
    push_message_behavior: z
      .enum(["Received", "DirectOpen", "Read", "InfluencedOpen", "Displayed"])
      .optional(),
  }),
});

export const BreadcrumbEventSchema = z.strictObject({
  event_type: z.literal("breadcrumb"),
  data: data({ label: z.string(), session_number: Integer.optional() }),
});

export const CrashReportEventSchema = z.object({
  event_type: z.literal("crash_report"),
  data: data({
    severity: Text,
    message: Text,
    breadcrumbs: z.array(BreadcrumbEventSchema).nullish(),
    ...optionalFields(["class_name", "stack_trace", "topmost_context", "pl_crash_report_file_base64"], Text),
    exception_handled: Flag.optional(),
    ...optionalFields(["ios_image_base_address", "ios_image_size", "session_number"], Integer),
  }),
});

export const NetworkPerformanceEventSchema = z.object({
  event_type: z.literal("network_performance"),
  data: data({
    url: z.string(),
    response_code: Integer,
    http_verb: z.string().optional(),
    ...optionalFields(["time_elapsed", "bytes_in", "bytes_out"], Integer),
    data: Text.optional(),
  }),
});

export const ProfileEventSchema = z.object({
  event_type: z.literal("profile"),
  data: data({
    previous_mpid: Integer,
    current_mpid: Integer,
    profile_event_type: z.enum(["signup", "login", "logout", "update", "delete"]),
  }),
});

export const UserAttributeChangeEventSchema = z.object({
  event_type: z.literal("user_attribute_change"),
  data: data({
    user_attribute_name: z.string(),
    ...optionalFields(["new", "old"], TextOrList),
    ...optionalFields(["deleted", "is_new_attribute"], Flag),
  }),
});

export const UserIdentityChangeEventSchema = z.object({
  event_type: z.literal("user_identity_change"),
  data: data({ new: UserIdentitySchema.nullable(), old: UserIdentitySchema.nullable() }),
});

export type SessionStartEvent = z.infer<typeof SessionStartEventSchema>;
export type SessionEndEvent = z.infer<typeof SessionEndEventSchema>;
export type ApplicationStateTransitionEvent = z.infer<typeof ApplicationStateTransitionEventSchema>;
export type FirstRunEvent = z.infer<typeof FirstRunEventSchema>;
export type UninstallEvent = z.infer<typeof UninstallEventSchema>;
export type OptOutEvent = z.infer<typeof OptOutEventSchema>;
export type PushRegistrationEvent = z.infer<typeof PushRegistrationEventSchema>;
export type PushMessageEvent = z.infer<typeof PushMessageEventSchema>;
export type BreadcrumbEvent = z.infer<typeof BreadcrumbEventSchema>;
export type CrashReportEvent = z.infer<typeof CrashReportEventSchema>;
export type NetworkPerformanceEvent = z.infer<typeof NetworkPerformanceEventSchema>;
export type ProfileEvent = z.infer<typeof ProfileEventSchema>;
export type UserAttributeChangeEvent = z.infer<typeof UserAttributeChangeEventSchema>;
export type UserIdentityChangeEvent = z.infer<typeof UserIdentityChangeEventSchema>;
