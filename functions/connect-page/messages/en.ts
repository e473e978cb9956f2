/** The page in English, and thereby what every language has to say. Screens of mParticle keep their English names everywhere. */
import { type Html, html } from "../html.ts";

/** Names of platforms, `a, b`. */
type Platforms = string;

const KEY = "API key";
const SECRET = "API secret";

const quoted = (field: string) => `The ${field} has quotation marks around it. Leave them out.`;
const spaced = (field: string) => `The ${field} has a space or a line break in it. Copy it again, by itself.`;
const wrongForm = (field: string) =>
  `The ${field} has a letter or sign in it that none has. Copy it again, by itself.`;
const tooLong = (field: string) => `That is too long to be an ${field}. Copy it again, by itself.`;

export const en = {
  key: KEY,
  secret: SECRET,
  showSecret: "Show",
  hideSecret: "Hide",
  secretOf: (feed: string) => `API secret of ${feed}`,
  languages: "Language",
  help: (partner: string) => `Ask ${partner} for help`,

  /** Platforms whose names people know otherwise than mParticle's API writes them. */
  platforms: {
    iOS: "iOS",
    Android: "Android",
    web: "Web",
    tvOS: "tvOS",
    roku: "Roku",
    out_of_band: "Out of band",
    alexa: "Alexa",
    smart_tv: "Smart TV",
    fire_tv: "Fire TV",
    xbox: "Xbox",
  },
  allPlatforms: "All platforms",

  form: {
    title: (partner: string) => `Connect ${partner} to mParticle`,
    problemTitle: (title: string) => `Problem: ${title}`,
    lead: (partner: string) =>
      html`To send data to your mParticle workspace, ${partner} needs a key and a secret that only you can give. Enter them here, and they are checked right away.`,
    privacy: (partner: string) =>
      html`They go straight into an encrypted store and are never shown again: not on this page, and not at ${partner}.`,
    whereTitle: "Where to find them",
    where: {
      directory: (partner: string) =>
        html`In mParticle, open the <b>Directory</b>, choose <b>${partner}</b> and add it to your setup as a <b>feed</b>.`,
      customFeed: html`In mParticle, open <b>Setup</b> › <b>Inputs</b> › <b>Feeds</b> and add a <b>custom feed</b>.`,
      onePlatform: (platform: string) => html`Choose <b>${platform}</b> as its act-as platform.`,
      manyPlatforms: (feeds: Platforms) =>
        html`Do so once for each feed that is asked for below (<b>${feeds}</b>), with the matching act-as platform.`,
      copy: html`mParticle now shows the feed’s <b>key</b> and <b>secret</b>. Copy both into the fields below.`,
      already: html`Is the feed there already? You find it under <b>Setup</b> › <b>Inputs</b> › <b>Feeds</b>.`,
      notPlatformKeys: html`Only a feed’s own key and secret work, not those of an app or a website.`,
    },
    keysTitle: "Your keys",
    feedHints: {
      actAs: (platform: string) => `Key and secret of the feed that acts as ${platform}`,
      several: (platforms: Platforms) => `Key and secret of the feed for ${platforms}`,
      unbound: "Key and secret of the feed without an act-as platform",
      custom: "Key and secret of the custom feed",
    },
    stored: "Checked and stored",
    submit: "Check and connect",
    checking: "Checking with mParticle …",
    whatSubmitDoes:
      "Takes a few seconds. One test event is sent, marked as development data; your production data is not touched.",
    validUntil: (time: Html) => html`This link works once, until ${time}.`,
  },

  problems: {
    title: "Something needs your attention",
    storedMeanwhile: (feeds: string) => `${feeds}: all right, and stored. Only the rest is left.`,
    fieldsAreEmpty:
      "The fields are empty again because nothing that is entered here is ever shown. Please enter both once more.",
    key_empty: `Enter the ${KEY}.`,
    key_quoted: quoted(KEY),
    key_whitespace: spaced(KEY),
    key_wrong_form: wrongForm(KEY),
    key_too_long: tooLong(KEY),
    secret_empty: `Enter the ${SECRET}.`,
    secret_quoted: quoted(SECRET),
    secret_whitespace: spaced(SECRET),
    secret_wrong_form: wrongForm(SECRET),
    secret_too_long: tooLong(SECRET),
    swapped: "Key and secret seem to be swapped. Put each into the other field.",
    equal: "Key and secret are the same. They are two different values: copy each of them again.",
    repeated: "The same key was entered twice. Each feed has a key of its own.",
    refused: "mParticle does not accept this key and secret.",
    in_use:
      "This key is used by another connection already. Take the key of the feed that you added for this one.",
    not_checked:
      "mParticle did not answer, so these could not be checked. It need not be your keys: try again in a minute.",
    not_stored: "These could not be stored just now. The fault is on our side: try again in a minute.",
  },
  refusedAdvice: [
    html`Are both from the same feed, and copied completely?`,
    html`Are they from the feed, and not from an app or a website (a platform input)?`,
    html`Is the feed switched on? You see it in mParticle under <b>Setup</b> › <b>Inputs</b> › <b>Feeds</b>.`,
  ],

  connected: {
    title: "You’re connected",
    lead: "mParticle accepts your keys, and they are stored encrypted.",
    feedIsConnected: "Connected",
    next: (partner: string) =>
      html`There is nothing more to do here. ${partner} can send data to your mParticle workspace now, and this link has done its job. You can close this page.`,
    check: html`The check sent one test event, marked as development data. It proves the keys; whether they are those of the right workspace, mParticle’s <b>Live Stream</b> shows you: the test event appears there.`,
  },

  checking: {
    title: "Checking your keys",
    lead: "This takes a few seconds.",
    reload: "Look again",
  },

  used: {
    title: "This link has done its job",
    lead: (time: Html) => html`Keys were stored with it on ${time}. A link works only once.`,
    next: (partner: string) =>
      html`To change keys, ask ${partner} for a new link. If it was not you or a colleague who used this one, please tell ${partner} at once.`,
  },
  expired: {
    title: "This link has expired",
    lead: "A link works for a limited time and a limited number of tries, so that your keys stay safe.",
    next: (partner: string) => html`Ask ${partner} for a new one. What was stored with this link remains.`,
  },
  revoked: {
    title: "This link was withdrawn",
    lead: "It cannot be used any more.",
    next: (partner: string) => html`Ask ${partner} for a new one.`,
  },
  unknown: {
    title: "This link does not work",
    lead: "Perhaps a part of it got lost on the way.",
    next: (partner: string) =>
      html`Open it again from the message that it came with, or ask ${partner} for a new one.`,
  },

  /** Requests that no page of ours makes, or that fail by no fault of the visitor. */
  refusals: {
    method: {
      title: "That is not possible here",
      lead: "This address is made to be opened in a browser.",
    },
    crossSite: {
      title: "That came from another site",
      lead: "To be safe, nothing was checked or stored. Open the link again and use the form there.",
    },
    form: {
      title: "That could not be read",
      lead: "Nothing was checked or stored. Open the link again and use the form there.",
    },
    unavailable: {
      title: "That did not work just now",
      lead: "The fault is on our side. Please try again in a minute.",
    },
  },
};

export type Messages = typeof en;
