/** What is remarked on settings that are valid, but surely not meant so. */
import * as z from "zod";

export const RemarkSchema = z
  .object({
    pointer: z.string().meta({
      description: "JSON pointer to the place in the settings.",
      example: "/mapping/rules/1",
    }),
    code: z
      .enum([
        "rule_unreached",
        "rule_without_events",
        "pattern_as_name",
        "name_denied",
        "nothing_allowed",
        "name_with_prefix",
        "word_as_place",
        "word_as_name",
        "shared_constant",
        "place_in_loop",
        "place_misspelt",
        "constant_not_sent",
        "nobody_named",
        "email_sent",
        "hash_not_sent",
        "consent_not_sent",
        "field_misspelt",
      ])
      .meta({
        description:
          "rule_unreached: one before it names the same events, or those of the same conditions. rule_without_events: calls of its type have no name. pattern_as_name: an exact name or a beginning looks like a pattern. name_denied, nothing_allowed: what is allowed is denied too. name_with_prefix: lists are of names without it. word_as_place: a word of mParticle's, a currency, a number, true or false stands where a place is read. word_as_name: a word of the mapping language names an attribute. shared_constant: many users, devices or batches get what each has its own of. place_in_loop: a place of the event is read from an element. place_misspelt: a place is written as a pointer, or with blanks at its ends. constant_not_sent: its conversion gives nothing for it. nobody_named: no identity is read, so that events are rejected. email_sent: an attribute holds the address that `email` keeps back. hash_not_sent: the names of attributes leave out the hash of the e-mail address. consent_not_sent: of a partner feed mParticle takes none. field_misspelt: an attribute has nearly the name of a row's field.",
      }),
    message: z.string().meta({ example: "is never reached: /mapping/rules/0 names its events first" }),
  })
  .meta({ id: "Remark", description: "Says of valid settings what was surely not meant." });

/** Absent: there are none. */
export const RemarksSchema = z.array(RemarkSchema).optional().meta({
  description: "On settings that are valid, but surely not meant so.",
});

export type Remark = z.output<typeof RemarkSchema>;
