import { Injectable } from '@nestjs/common';
import type { StaffActor } from '../domain/permissions.js';
import { Clock, Ids } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import { putContent } from '../publications/content.store.js';
import type { Content } from '../publications/publication.entities.js';
import { Audit } from './audit.js';

/** What is said of something shareable. */
type ContentBody = Omit<Content, 'publicationId' | 'id' | 'slug' | 'createdAt'>;

/** Makes something shareable, or replaces what is said of it. */
@Injectable()
export class ChangeContent {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly audit: Audit,
  ) {}

  run(
    publicationId: string,
    slug: string,
    body: ContentBody,
    by: StaffActor,
  ): Promise<{ content: Content; created: boolean }> {
    const createdAt = this.clock.now();
    return this.database.transaction(async (tx) => {
      const put = await putContent(tx, { ...body, publicationId, id: this.ids.next(), slug, createdAt });
      const act = put.created ? 'content.add' : 'content.change';
      const audited = { act, subject: { kind: 'content', id: put.content.id }, data: { slug } };
      await this.audit.within(tx, publicationId, by, audited, createdAt);
      return put;
    });
  }
}
