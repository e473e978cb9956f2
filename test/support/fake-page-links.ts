/** Connect links in memory, with a scripted mParticle: for what the page does with them. */
import type {
  AskedFeed,
  ConnectLink,
  FeedProblem,
  KeyProblem,
} from "../../functions/connect-page/connect-link.ts";
import type { LinkIds, OnLink, PageLinks, Visitor } from "../../functions/connect-page/ports.ts";
import type { Credentials } from "../../shared/core/tenant.schema.ts";
import { NOW_MS } from "./builders.ts";

interface FakeLink {
  feeds: readonly AskedFeed[];
  ended?: ConnectLink;
  problems: readonly FeedProblem[];
  isReserved: boolean;
  language?: string;
}

export type Judge = (
  keys: Credentials,
  feedId: string,
) => Promise<KeyProblem | undefined> | KeyProblem | undefined;

/** Of every link. */
export const LINK_IDS: LinkIds = { tenantId: "acme", linkId: "link-id" };

/** A token of the right form, by a word. */
export function tokenFor(word: string): string {
  return word.padEnd(43, "0");
}

export function askedFeed(over: Partial<AskedFeed> = {}): AskedFeed {
  return { feedId: "default", place: 1, kind: "partner", platforms: ["iOS"], isStored: false, ...over };
}

export class FakePageLinks implements PageLinks {
  /** What was stored, by feed. */
  readonly stored = new Map<string, Credentials>();
  readonly #links = new Map<string, FakeLink>();
  readonly #judge: Judge;

  constructor(judge: Judge = () => undefined) {
    this.#judge = judge;
  }

  open(token: string, feeds: readonly AskedFeed[] = [askedFeed()], language?: string): void {
    this.#links.set(token, {
      feeds: feeds.map((feed, i) => ({ ...feed, place: i + 1 })),
      problems: [],
      isReserved: false,
      ...(language !== undefined && { language }),
    });
  }

  end(token: string, ended: ConnectLink): void {
    this.#links.set(token, { feeds: [], problems: [], isReserved: false, ended });
  }

  async find(token: string, onLink?: OnLink): Promise<ConnectLink> {
    const link = this.#links.get(token);
    if (!link) return { state: "unknown" };
    onLink?.(LINK_IDS);
    if (link.ended) return link.ended;
    const { feeds, problems, isReserved, language } = link;
    return {
      state: "open",
      feeds,
      problems,
      isBusy: isReserved,
      expiresAtMs: NOW_MS + 72 * 3_600_000,
      ...(language !== undefined && { language }),
    };
  }

  async reserve(token: string, _visitor?: Visitor, onLink?: OnLink): ReturnType<PageLinks["reserve"]> {
    const link = this.#links.get(token);
    if (link) onLink?.(LINK_IDS);
    if (!link || link.ended || link.isReserved) return undefined;
    link.isReserved = true;
    return {
      feeds: link.feeds,
      store: async (feedId, keys) => {
        const problem = await this.#judge(keys, feedId);
        if (problem !== undefined) return [problem];
        this.stored.set(feedId, keys);
        return [];
      },
      end: async ({ stored, problems }) => {
        link.isReserved = false;
        link.problems = problems;
        link.feeds = link.feeds.map((feed) => ({
          ...feed,
          isStored: feed.isStored || stored.includes(feed.feedId),
        }));
        if (link.feeds.every(({ isStored }) => isStored))
          link.ended = { state: "used", usedAtMs: NOW_MS, feeds: link.feeds };
      },
    };
  }
}
