import { Injectable } from '@nestjs/common';
import { appendClicks, type NewClick } from '../../../clicks/click.store.js';
import { classifyVisit } from '../../../domain/visit.js';
import { Clock, Ids } from '../../../platform/clock.js';
import { Database } from '../../../platform/database.js';
import { Tokens } from '../../../platform/tokens.js';
import { findContent } from '../../../publications/content.store.js';
import type { Publication } from '../../../publications/publication.entities.js';
import { Acts } from '../acts.js';
import { momentOf } from '../story-clock.js';
import type { StrangerVisit } from '../strangers.js';

const BATCH = 1_000;

/** Visits of strangers by the thousand: the rows that RecordClick makes, without its redirects, which nobody would follow. */
@Injectable()
export class Visits {
  private readonly contentIds = new Map<string, string>();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly tokens: Tokens,
    private readonly acts: Acts,
  ) {}

  async append(publication: Publication, end: Date, visits: readonly StrangerVisit[]): Promise<void> {
    for (let at = 0; at < visits.length; at += BATCH) {
      const clicks: NewClick[] = [];
      for (const visit of visits.slice(at, at + BATCH)) clicks.push(await this.click(publication, end, visit));
      await appendClicks(this.database.reader, clicks);
    }
  }

  private async click(publication: Publication, end: Date, visit: StrangerVisit): Promise<NewClick> {
    const { share, ip, headers, class: kind } = visit;
    const at = momentOf(end, visit.minute);
    this.clock.set(at);
    const userAgent = headers['user-agent'];
    const day = at.toISOString().slice(0, 10);
    const hour = at.toISOString().slice(0, 13);
    const visitor = this.tokens.hash('visitor', `${publication.id}\n${day}\n${ip}\n${userAgent}`);
    return {
      publicationId: publication.id,
      id: this.ids.next(),
      participantId: (await this.acts.sharer(publication, share.by)).id,
      contentId: share.content === null ? null : await this.contentId(publication.id, share.content),
      channel: share.via,
      class: classifyVisit({ method: 'GET', userAgent, headers, self: kind === 'self' }),
      visitor,
      visitKey: this.tokens.hash('visitor', `${visitor.toString('hex')}\n${JSON.stringify(share)}\n${hour}`),
      at,
    };
  }

  private async contentId(publicationId: string, slug: string): Promise<string> {
    const known = this.contentIds.get(slug);
    if (known !== undefined) return known;
    const content = await findContent(this.database.reader, publicationId, slug);
    if (content === null) throw new Error(`the demo shares ${slug}, which is not there`);
    this.contentIds.set(slug, content.id);
    return content.id;
  }
}
