import { Injectable } from '@nestjs/common';
import { normaliseShareCode } from '../domain/share-code.js';
import { findClicks } from '../clicks/click.store.js';
import { displayName } from '../domain/text.js';
import { Database, type Tx } from '../platform/database.js';
import { Tokens } from '../platform/tokens.js';
import { contentById, findContent } from '../publications/content.store.js';
import { findProgram, getProgram } from '../publications/program.store.js';
import type { Content, Program } from '../publications/publication.entities.js';
import { findSubscriber } from '../subscribers/subscriber.store.js';
import { referrerByCode } from '../subscribers/participant.store.js';

interface Invitation {
  /** Whether a reader's link led here: the page then says what that reader will see. */
  isByReader: boolean;
  /** Who recommended it, where that reader lets their first name be seen. */
  referrerName: string | null;
  /** What was recommended; null for the publication as a whole. */
  content: Content | null;
  /** Whose form the page shows: that of the reader's link, else the publication's own. */
  program: Program;
}

/** What the join page may tell of how its visitor came. Who recommended it is told only where that reader has said so. */
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
    if (reader === null) {
      return {
        isByReader: false,
        referrerName: null,
        content: null,
        program: await this.program(publicationId, null),
      };
    }
    const content = await this.content(publicationId, presented);
    const program = await this.program(publicationId, reader.programId);
    const referrerName = await shownName(this.database.reader, publicationId, reader.subscriberId);
    return { isByReader: true, referrerName, content, program };
  }

  /** Of the program that a form was sent for, which fields it asked. */
  async programOf(publicationId: string, ref: string | null): Promise<Program> {
    return (await this.run(publicationId, { ref, click: null, content: null })).program;
  }

  private async program(publicationId: string, id: string | null): Promise<Program> {
    const tx = this.database.reader;
    const program =
      id === null ? await findProgram(tx, publicationId, 'default') : await getProgram(tx, publicationId, id);
    if (program === null) throw new Error('a publication without its default program');
    return program;
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

async function shownName(tx: Tx, publicationId: string, subscriberId: string): Promise<string | null> {
  const referrer = await findSubscriber(tx, publicationId, subscriberId);
  return referrer !== null && referrer.showsName ? displayName(referrer.firstName ?? '') : null;
}
