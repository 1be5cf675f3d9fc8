import { Injectable } from '@nestjs/common';
import { csvLine } from '../domain/csv.js';
import { nextMilestone } from '../domain/milestones.js';
import type { Milestone } from '../milestones/milestone.entities.js';
import { ladderChangedSince } from '../milestones/milestone.store.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import { Links } from '../platform/links.js';
import { seasonBegunSince } from '../publications/season.store.js';
import { listPrograms } from '../publications/program.store.js';
import type { Program, Publication } from '../publications/publication.entities.js';
import { type ExportedReader, exportedReaders } from '../subscribers/export.store.js';
import { LadderOf } from './ladder-of.js';

/**
 * A change is stamped with the time at which its transaction worked, and is seen when it commits: who asks "since my last
 * request" would miss one that was under way then. So the time to ask with next lies this far back, and a reader may come
 * twice. The longest transactions are batches of an import, of a second.
 */
const OVERLAP_MS = 5 * 60_000;
const LINES = 200;

/** The links of all readers, or of those that changed, for a mail platform that fills them into its newsletter. */
@Injectable()
export class ExportSubscribers {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly links: Links,
    private readonly ladderOf: LadderOf,
  ) {}

  /** The `changedAfter` with which an export that begins now is gone on with, so that nobody is missed. */
  nextChangedAfter(): Date {
    return new Date(this.clock.now().getTime() - OVERLAP_MS);
  }

  /** The CSV file in pieces. Counts and the next milestone are those of the program `default`. */
  async *csv(publication: Publication, changedAfter: Date | null): AsyncGenerator<string> {
    const tx = this.database.reader;
    const [program] = await listPrograms(tx, publication.id);
    if (program === undefined) throw new Error('a publication without a program');
    const all = changedAfter === null || (await this.changedForAll(program, changedAfter));
    const { sql, parameters } = exportedReaders(publication.id, program, all ? null : changedAfter);
    const hubUrl = this.links.hubDoor(publication.slug);
    const ladders = await this.ladderOf.read(tx, program);
    yield csvLine(COLUMNS);
    let readers: ExportedReader[] = [];
    for await (const reader of this.database.stream<ExportedReader>(sql, parameters)) {
      readers.push(reader);
      if (readers.length < LINES) continue;
      yield this.lines(readers, await ladders(readers.map(({ id }) => id)), hubUrl);
      readers = [];
    }
    yield this.lines(readers, await ladders(readers.map(({ id }) => id)), hubUrl);
  }

  private lines(readers: readonly ExportedReader[], ladderOf: (id: string) => Milestone[], hubUrl: string): string {
    const lines = readers.map((reader) => {
      return this.line(reader, nextMilestone(ladderOf(reader.id), reader.referralCount), hubUrl);
    });
    return lines.join('');
  }

  private line(reader: ExportedReader, next: { name: string; remaining: number } | null, hubUrl: string): string {
    const { email, firstName, externalId, status, shareCode, referralCount } = reader;
    const shareUrl = shareCode && this.links.share(shareCode);
    const footerUrl = shareCode && this.links.footer(shareCode);
    const told = [email, firstName, externalId, status, shareCode, shareUrl, footerUrl, hubUrl, referralCount];
    return csvLine([...told, next?.name ?? null, next?.remaining ?? null]);
  }

  /** Another ladder is another next milestone for everybody, and another season another count. */
  private async changedForAll({ publicationId, id }: Program, since: Date): Promise<boolean> {
    const tx = this.database.reader;
    return (
      (await ladderChangedSince(tx, publicationId, id, since)) || (await seasonBegunSince(tx, publicationId, id, since))
    );
  }
}

const COLUMNS = [
  'email', 'firstName', 'externalId', 'status', 'shareCode', 'shareUrl', 'footerUrl', 'hubUrl', 'referralCount', 'nextMilestone', 'nextMilestoneRemaining',
]; // prettier-ignore
