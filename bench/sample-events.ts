/**
 * Events as a partner's customers cause them: identify, track, page and Order Completed with 1 to 5 products, 700 to
 * 1,200 bytes each, a few users causing most of them. The same seed gives the same events.
 */

/** mulberry32: small, seeded, good enough to spread samples. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface SampleOptions {
  readonly events: number;
  readonly eventsPerMessage: number;
  readonly tenantId: string;
  /** Epoch milliseconds of the newest event. */
  readonly nowMs: number;
  readonly seed: number;
}

/** Queue message bodies that hold the given number of events. */
export function sampleBodies({ events, eventsPerMessage, tenantId, nowMs, seed }: SampleOptions): string[] {
  const random = seededRandom(seed);
  const bodies: string[] = [];
  for (let done = 0; done < events; done += eventsPerMessage) {
    const size = Math.min(eventsPerMessage, events - done);
    const message = {
      version: 1,
      tenantId,
      events: Array.from({ length: size }, (_, i) =>
        sampleEvent(done + i, nowMs - (events - done - i) * 40, random),
      ),
    };
    bodies.push(JSON.stringify(message));
  }
  return bodies;
}

const USERS = 1_000;
const PAGES = ["Pricing", "Home", "Spring collection", "Loyalty benefits", "Help and returns"];
const AGENTS = [
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148",
];

function sampleEvent(index: number, timestampMs: number, random: () => number): object {
  // Cubed, so that a tenth of the users cause about half of the events: windows of 1,000 merge to about half as many batches.
  const user = Math.floor(random() ** 3 * USERS);
  const pick = <Value>(values: readonly Value[]) => values[Math.floor(random() * values.length)] as Value;
  const common = {
    messageId: `7b1c9a52-40de-4a8f-${String(user % 10_000).padStart(4, "0")}-${String(index).padStart(12, "0")}`,
    timestamp: new Date(timestampMs).toISOString(),
    userId: `user-${user}`,
    anonymousId: `c0ffee00-1234-4abc-8def-${String(user).padStart(12, "0")}`,
    partnerUserId: `p-${user}`,
    context: {
      ip: `203.0.113.${user % 250}`,
      userAgent: AGENTS[user % AGENTS.length],
      locale: "en-GB",
      timezone: "Europe/Oslo",
      library: { name: "partner-node", version: "4.2.1" },
      page: {
        path: "/collections/spring",
        title: pick(PAGES),
        url: "https://shop.example.com/collections/spring",
      },
      campaign: { name: "spring", source: "newsletter", medium: "email" },
    },
    integrations: { All: true },
  };
  const draw = random();
  if (draw < 0.15) return { type: "identify", ...common, traits: traits(user, pick) };
  if (draw < 0.4) {
    const properties = {
      title: pick(PAGES),
      path: "/collections/spring",
      referrer: "https://www.example.com/search?q=spring+jackets",
      section: "collections",
      variant: pick(["a", "b"]),
    };
    return { type: "page", ...common, name: "Collection", properties };
  }
  if (draw < 0.85)
    return {
      type: "track",
      ...common,
      event: pick(["Email Opened", "Email Clicked", "Reward Viewed"]),
      properties: activity(user, pick),
    };
  return {
    type: "track",
    ...common,
    event: "Order Completed",
    properties: order(index, 1 + Math.floor(random() * 5), pick),
  };
}

type Pick = <Value>(values: readonly Value[]) => Value;

function traits(user: number, pick: Pick): object {
  return {
    email: `user-${user}@example.com`,
    firstName: "Kari",
    lastName: "Nordmann",
    phone: "+4700000000",
    plan: pick(["free", "plus", "premium"]),
    points: user * 3,
    newsletter: true,
    interests: ["running", "cycling", "skiing"],
    address: { city: "Oslo", postalCode: "0150", country: "NO" },
  };
}

function activity(user: number, pick: Pick): object {
  return {
    campaign_id: `cmp-${user % 40}`,
    campaign_name: "Spring launch, second wave",
    list: pick(["customers", "prospects", "vip"]),
    subject: "New arrivals picked for you",
    link: "https://shop.example.com/collections/spring?utm_source=newsletter",
    position: user % 7,
    device: pick(["mobile", "desktop"]),
    automated: true,
  };
}

function order(index: number, count: number, pick: Pick): object {
  const products = Array.from({ length: count }, (_, i) => ({
    product_id: `sku-${(index + i) % 900}`,
    name: pick(["Mug", "Jacket", "Trail shoe"]),
    price: 19.5 + i,
    quantity: 1 + (i % 2),
    category: "Outdoor",
  }));
  return {
    order_id: `ord-${index}`,
    total: 99.5,
    revenue: 79.6,
    tax: 19.9,
    shipping: 0,
    currency: "NOK",
    products,
  };
}
