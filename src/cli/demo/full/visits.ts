import { Injectable } from '@nestjs/common';
import { appendClicks, type NewClick } from '../../../clicks/click.store.js';
import { classifyVisit } from '../../../domain/visit.js';
import { Clock, Ids } from '../../../platform/clock.js';
import { Database } from '../../../platform/database.js';
import { Tokens } from '../../../platform/tokens.js';
import { findContent } from '../../../publications/content.store.js';
import { Acts } from '../acts.js';
import { momentOf } from '../story-clock.js';
import type { StrangerVisit } from '../strangers.js';

const BATCH = 1_000;

/** Visits of strangers by the thousand: the rows that RecordClick makes, without its redirects, which nobody would follow. */
@Injectable()
export class Visits {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly tokens: Tokens,
    private readonly acts: Acts,
  ) {}

  async append(publicationId: string, end: Date, visits: readonly StrangerVisit[]): Promise<void> {
    const contentIds = await this.contentIds(publicationId, visits);
    for (let at = 0; at < visits.length; at += BATCH) {
      const clicks = visits.slice(at, at + BATCH).map((visit) => {
        const contentId = visit.share.content === null ? null : (contentIds.get(visit.share.content) ?? null);
        return this.click(publicationId, contentId, momentOf(end, visit.minute), visit);
      });
      await appendClicks(this.database.reader, clicks);
    }
  }

  private click(publicationId: string, contentId: string | null, at: Date, visit: StrangerVisit): NewClick {
    const { share, ip, headers, class: kind } = visit;
    this.clock.set(at);
    const { participantId } = this.acts.reader(share.by);
    const userAgent = headers['user-agent'];
    const day = at.toISOString().slice(0, 10);
    const hour = at.toISOString().slice(0, 13);
    const visitor = this.tokens.hash('visitor', `${publicationId}\n${day}\n${ip}\n${userAgent}`);
    const visitKey = this.tokens.hash('visitor', `${visitor.toString('hex')}\n${JSON.stringify(share)}\n${hour}`);
    const seen = classifyVisit({ method: 'GET', userAgent, headers, self: kind === 'self' });
    return {
      publicationId,
      id: this.ids.next(),
      participantId,
      contentId,
      channel: share.via,
      class: seen,
      visitor,
      visitKey,
      at,
    };
  }

  private async contentIds(publicationId: string, visits: readonly StrangerVisit[]): Promise<Map<string, string>> {
    const slugs = new Set(visits.flatMap(({ share }) => share.content ?? []));
    const found = new Map<string, string>();
    for (const slug of slugs) {
      const content = await findContent(this.database.reader, publicationId, slug);
      if (content === null) throw new Error(`the demo shares ${slug}, which is not there`);
      found.set(slug, content.id);
    }
    return found;
  }
}
