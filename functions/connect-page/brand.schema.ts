/** How the partner looks and is called on the connect page: configuration of the deployment. */
import * as z from "zod";

/** Characters of a logo. Lambda takes 4 kB of settings in all, and one that lies in the page itself is sent with every view. */
export const MAX_LOGO_LENGTH = 2_800;

export const BrandSchema = z.strictObject({
  /** As customers know the partner. */
  name: z.string().min(1).max(60),
  /** The partner's colour, `#rrggbb`. What is written on it, and what must stand out, is computed. */
  colour: z
    .string()
    .regex(/^#[0-9A-Fa-f]{6}$/)
    .default("#1f5fbf"),
  /** An address over https, or better, because then nobody else hears of the visit: the image itself as a `data:` address. */
  logo: z
    .string()
    .max(MAX_LOGO_LENGTH)
    .regex(
      /^(?:https:\/\/[A-Za-z0-9.-]+(?::[0-9]+)?\/[^\s"'<>;,]*|data:image\/(?:svg\+xml|png|webp|jpeg);base64,[A-Za-z0-9+/]+=*)$/,
    )
    .optional(),
  /** The logo shows the name, so that it need not be written beside it. */
  logoShowsName: z.boolean().default(false),
  /** Where customers ask for help or for a new link: `https://…` or `mailto:…`. */
  helpUrl: z
    .string()
    .max(500)
    .regex(/^(?:https:\/\/|mailto:)[^\s"'<>]+$/)
    .optional(),
});

export type Brand = z.output<typeof BrandSchema>;
