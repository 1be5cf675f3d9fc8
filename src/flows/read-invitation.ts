import { Injectable } from '@nestjs/common';
import { normaliseShareCode } from '../domain/share-code.js';
import { findClicks } from '../clicks/click.store.js';
import { Database } from '../platform/database.js';
import { Tokens } from '../platform/tokens.js';
import { contentById, findContent } from '../publications/content.store.js';
import { referrerByCode } from '../subscribers/participant.store.js';

interface Invitation {
  /** Whether a reader's link led here: the page then says what that reader will see. */
  isByReader: boolean;
  /** What was recommended; null for the publication as a whole. */
  contentTitle: string | null;
}

/** What the join page may tell of how its visitor came. Never who: a referrer's name is theirs to give. */
@Injectable()
export class ReadInvitation {
  constructor(
    private readonly database: Database,
    private readonly tokens: Tokens,
  ) {}

  async run(
    publicationId: string,
    presented: { ref: string | null; click: string | null; content: string | null },
  ): Promise<Invitation> {
    const code = presented.ref === null ? null : normaliseShareCode(presented.ref);
    const reader = code === null ? null : await referrerByCode(this.database.reader, publicationId, code);
    if (reader === null) return { isByReader: false, contentTitle: null };
    const content = await this.content(publicationId, presented);
    return { isByReader: true, contentTitle: content?.title ?? null };
  }

  private async content(publicationId: string, presented: { click: string | null; content: string | null }) {
    const tx = this.database.reader;
    const subject = presented.click === null ? null : this.tokens.read('click', presented.click);
    if (subject?.publicationId === publicationId) {
      const [click] = await findClicks(tx, publicationId, [subject.id]);
      if (click?.contentId != null) return contentById(tx, publicationId, click.contentId);
    }
    return presented.content === null ? null : findContent(tx, publicationId, presented.content);
  }
}
