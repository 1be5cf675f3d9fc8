import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { footerState, type FooterState } from '../domain/footer.js';
import { normaliseShareCode } from '../domain/share-code.js';
import { rewardsById } from '../milestones/reward.store.js';
import { Database, isDatabaseAway } from '../platform/database.js';
import { Links } from '../platform/links.js';
import { findFooterOwner, type FooterOwner } from '../referrals/footer.store.js';
import { LadderOf } from './ladder-of.js';

/** A reader's public progress, and where it leads. */
export interface Footer {
  state: FooterState;
  locale: 'en' | 'ja';
  shareUrl: string;
  hubUrl: string;
  footerUrl: string;
}

/** Less than the second after which other processes must have seen a change, with time left to draw. */
const FRESH_MS = 700;
const ACTIVE = new Set(['pending', 'active']);

/**
 * Reads what a reader's footer shows. A change made in this process is seen at once, since every transaction that ends
 * makes what was read before it old; one made elsewhere within FRESH_MS. While the database is away, what was last known goes on.
 */
@Injectable()
export class ReadFooter {
  // Promises, so that the mails of one issue that are opened together ask once.
  private readonly fresh = new LRUCache<string, Promise<Footer | null>>({ max: 10_000, ttl: FRESH_MS });
  // Boxes, because the cache cannot hold null.
  private readonly last = new LRUCache<string, { footer: Footer | null }>({ max: 100_000 });

  constructor(
    private readonly database: Database,
    private readonly links: Links,
    private readonly ladderOf: LadderOf,
  ) {}

  /** Null when nobody has the code. */
  async run(typed: string): Promise<Footer | null> {
    const code = normaliseShareCode(typed);
    if (code === null) return null;
    // Asked under the number of transactions at that moment: who comes after another one does not join an older question.
    const question = `${this.database.ended}/${code}`;
    const asked = this.fresh.get(question);
    if (asked !== undefined) return asked;
    const answer = this.ask(code);
    this.fresh.set(question, answer);
    answer.catch(() => this.fresh.delete(question));
    return answer;
  }

  private async ask(code: string): Promise<Footer | null> {
    try {
      const owner = await findFooterOwner(this.database.reader, code);
      const footer = owner && (await this.footer(owner, code));
      this.last.set(code, { footer });
      return footer;
    } catch (error) {
      const known = this.last.get(code);
      if (known === undefined || !isDatabaseAway(error)) throw error;
      return known.footer;
    }
  }

  private async footer(owner: FooterOwner, code: string): Promise<Footer> {
    const tx = this.database.reader;
    const { publicationId, programId: id, season, subscriberId, count } = owner;
    const milestones = (await this.ladderOf.people(tx, { publicationId, id, season }, [subscriberId]))(subscriberId);
    const rewardIds = milestones.map(({ rewardId }) => rewardId);
    const names = new Map((await rewardsById(tx, publicationId, rewardIds)).map(({ id, name }) => [id, name]));
    const ladder = milestones.map((milestone) => ({ ...milestone, reward: names.get(milestone.rewardId)! }));
    return {
      state: footerState({ isReader: ACTIVE.has(owner.status), count }, ladder),
      locale: owner.locale,
      shareUrl: this.links.share(code),
      hubUrl: this.links.hubDoor(owner.publicationSlug),
      footerUrl: this.links.footer(code),
    };
  }
}
