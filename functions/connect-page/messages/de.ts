/** The page in German. */
import { html } from "../html.ts";
import type { Messages } from "./en.ts";

const KEY = "API-Key";
const SECRET = "API-Secret";

const quoted = (field: string) => `Um ${field} stehen Anführungszeichen. Bitte ohne sie eingeben.`;
const spaced = (field: string) =>
  `Im ${field} ist ein Leerzeichen oder ein Zeilenumbruch. Bitte noch einmal und für sich allein kopieren.`;
const wrongForm = (field: string) =>
  `Im ${field} ist ein Zeichen, das dort nie vorkommt. Bitte noch einmal und für sich allein kopieren.`;
const tooLong = (field: string) =>
  `Für ein ${field} ist das zu lang. Bitte noch einmal und für sich allein kopieren.`;

export const de: Messages = {
  key: KEY,
  secret: SECRET,
  showSecret: "Zeigen",
  hideSecret: "Verbergen",
  secretOf: (feed) => `API-Secret von ${feed}`,
  languages: "Sprache",
  help: (partner) => `${partner} um Hilfe bitten`,

  platforms: {
    iOS: "iOS",
    Android: "Android",
    web: "Web",
    tvOS: "tvOS",
    roku: "Roku",
    out_of_band: "Out of band",
    alexa: "Alexa",
    smart_tv: "Smart-TV",
    fire_tv: "Fire TV",
    xbox: "Xbox",
  },
  allPlatforms: "Alle Plattformen",

  form: {
    title: (partner) => `${partner} mit mParticle verbinden`,
    problemTitle: (title) => `Problem: ${title}`,
    lead: (partner) =>
      html`Um Daten in Ihren mParticle-Workspace zu senden, braucht ${partner} einen Key und ein Secret, die nur Sie geben können. Geben Sie beide hier ein; sie werden sofort geprüft.`,
    privacy: (partner) =>
      html`Sie kommen direkt in einen verschlüsselten Speicher und werden nie wieder angezeigt: nicht auf dieser Seite und nicht bei ${partner}.`,
    whereTitle: "Wo Sie beide finden",
    where: {
      directory: (partner) =>
        html`Öffnen Sie in mParticle das <b lang="en">Directory</b>, wählen Sie <b>${partner}</b> und fügen Sie es Ihrem Setup als <b>Feed</b> hinzu.`,
      customFeed: html`Öffnen Sie in mParticle <b lang="en">Setup</b> › <b lang="en">Inputs</b> › <b lang="en">Feeds</b> und legen Sie einen <b lang="en">Custom Feed</b> an.`,
      onePlatform: (platform) => html`Wählen Sie <b>${platform}</b> als Plattform (<i lang="en">act as</i>).`,
      manyPlatforms: (feeds) =>
        html`Tun Sie das für jeden Feed, der unten verlangt wird (<b>${feeds}</b>), mit der passenden Plattform (<i lang="en">act as</i>).`,
      copy: html`mParticle zeigt nun <b lang="en">Key</b> und <b lang="en">Secret</b> des Feeds. Kopieren Sie beide in die Felder unten.`,
      already: html`Gibt es den Feed schon? Sie finden ihn unter <b lang="en">Setup</b> › <b lang="en">Inputs</b> › <b lang="en">Feeds</b>.`,
      notPlatformKeys: html`Nur Key und Secret des Feeds selbst passen, nicht die einer App oder Website.`,
    },
    keysTitle: "Ihre Schlüssel",
    feedHints: {
      actAs: (platform) => `Key und Secret des Feeds für ${platform}`,
      several: (platforms) => `Key und Secret des Feeds für ${platforms}`,
      unbound: "Key und Secret des Feeds ohne Plattform",
      custom: "Key und Secret des Custom Feeds",
    },
    stored: "Geprüft und gespeichert",
    submit: "Prüfen und verbinden",
    checking: "Prüfung bei mParticle …",
    whatSubmitDoes:
      "Dauert einige Sekunden. Dabei wird ein Testereignis gesendet, als Entwicklungsdaten gekennzeichnet; Ihre produktiven Daten bleiben unberührt.",
    validUntil: (time) => html`Dieser Link gilt einmal, bis ${time}.`,
  },

  problems: {
    title: "Hier fehlt noch etwas",
    storedMeanwhile: (feeds) => `${feeds}: in Ordnung und gespeichert. Es fehlt nur noch der Rest.`,
    fieldsAreEmpty:
      "Die Felder sind wieder leer, weil nichts, was hier eingegeben wird, je angezeigt wird. Bitte geben Sie beides noch einmal ein.",
    key_empty: `Bitte den ${KEY} eingeben.`,
    key_quoted: quoted(`den ${KEY}`),
    key_whitespace: spaced(KEY),
    key_wrong_form: wrongForm(KEY),
    key_too_long: `Für einen ${KEY} ist das zu lang. Bitte noch einmal und für sich allein kopieren.`,
    secret_empty: `Bitte das ${SECRET} eingeben.`,
    secret_quoted: quoted(`das ${SECRET}`),
    secret_whitespace: spaced(SECRET),
    secret_wrong_form: wrongForm(SECRET),
    secret_too_long: tooLong(SECRET),
    swapped: "Key und Secret sind anscheinend vertauscht. Bitte jeweils in das andere Feld eingeben.",
    equal: "Key und Secret sind gleich. Es sind zwei verschiedene Werte: bitte beide noch einmal kopieren.",
    repeated: "Derselbe Key wurde zweimal eingegeben. Jeder Feed hat einen eigenen.",
    refused: "mParticle nimmt diesen Key und dieses Secret nicht an.",
    in_use:
      "Dieser Key gehört schon zu einer anderen Verbindung. Bitte den Key des Feeds nehmen, den Sie für diese angelegt haben.",
    not_checked:
      "mParticle hat nicht geantwortet, darum konnte nicht geprüft werden. An Ihren Schlüsseln muss es nicht liegen: bitte in einer Minute noch einmal versuchen.",
    not_stored:
      "Speichern ging gerade nicht. Der Fehler liegt bei uns: bitte in einer Minute noch einmal versuchen.",
  },
  refusedAdvice: [
    html`Sind beide vom selben Feed und vollständig kopiert?`,
    html`Sind sie vom Feed und nicht von einer App oder Website (einem <i lang="en">platform input</i>)?`,
    html`Ist der Feed eingeschaltet? Das sehen Sie in mParticle unter <b lang="en">Setup</b> › <b lang="en">Inputs</b> › <b lang="en">Feeds</b>.`,
  ],

  connected: {
    title: "Die Verbindung steht",
    lead: "mParticle nimmt Ihre Schlüssel an, und sie sind verschlüsselt gespeichert.",
    feedIsConnected: "Verbunden",
    next: (partner) =>
      html`Hier ist nichts mehr zu tun. ${partner} kann jetzt Daten in Ihren mParticle-Workspace senden, und dieser Link hat seinen Dienst getan. Sie können diese Seite schließen.`,
    check: html`Für die Prüfung wurde ein Testereignis gesendet, als Entwicklungsdaten gekennzeichnet. Es beweist die Schlüssel; ob sie zum richtigen Workspace gehören, zeigt Ihnen mParticles <b lang="en">Live Stream</b>: dort erscheint das Testereignis.`,
  },

  checking: {
    title: "Ihre Schlüssel werden geprüft",
    lead: "Das dauert einige Sekunden.",
    reload: "Noch einmal nachsehen",
  },

  used: {
    title: "Dieser Link hat seinen Dienst getan",
    lead: (time) => html`Mit ihm wurden am ${time} Schlüssel gespeichert. Ein Link gilt nur einmal.`,
    next: (partner) =>
      html`Um Schlüssel zu ändern, bitten Sie ${partner} um einen neuen Link. Haben nicht Sie oder Kollegen diesen benutzt, dann sagen Sie es ${partner} bitte sofort.`,
  },
  expired: {
    title: "Dieser Link ist abgelaufen",
    lead: "Ein Link gilt begrenzte Zeit und für eine begrenzte Zahl von Versuchen, damit Ihre Schlüssel sicher sind.",
    next: (partner) =>
      html`Bitten Sie ${partner} um einen neuen. Was mit diesem Link gespeichert wurde, bleibt gespeichert.`,
  },
  revoked: {
    title: "Dieser Link wurde zurückgezogen",
    lead: "Er kann nicht mehr benutzt werden.",
    next: (partner) => html`Bitten Sie ${partner} um einen neuen.`,
  },
  unknown: {
    title: "Dieser Link funktioniert nicht",
    lead: "Vielleicht ist ein Teil von ihm unterwegs verloren gegangen.",
    next: (partner) =>
      html`Öffnen Sie ihn noch einmal aus der Nachricht, mit der er kam, oder bitten Sie ${partner} um einen neuen.`,
  },

  refusals: {
    method: {
      title: "Das geht hier nicht",
      lead: "Diese Adresse ist dafür gemacht, in einem Browser geöffnet zu werden.",
    },
    crossSite: {
      title: "Das kam von einer anderen Seite",
      lead: "Zur Sicherheit wurde nichts geprüft und nichts gespeichert. Öffnen Sie den Link noch einmal und benutzen Sie das Formular dort.",
    },
    form: {
      title: "Das war nicht lesbar",
      lead: "Es wurde nichts geprüft und nichts gespeichert. Öffnen Sie den Link noch einmal und benutzen Sie das Formular dort.",
    },
    unavailable: {
      title: "Das hat gerade nicht geklappt",
      lead: "Der Fehler liegt bei uns. Bitte versuchen Sie es in einer Minute noch einmal.",
    },
  },
};
