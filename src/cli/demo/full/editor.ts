import { Injectable } from '@nestjs/common';
import type { StaffActor } from '../../../domain/permissions.js';
import { DecideGrant } from '../../../flows/decide-grant.js';
import { ImportSubscribers } from '../../../flows/import-subscribers.js';
import { RunImports } from '../../../flows/run-imports.js';
import { type GrantRow, listGrants } from '../../../milestones/grant.store.js';
import { Clock } from '../../../platform/clock.js';
import { Database } from '../../../platform/database.js';
import { getProgram, updateProgram } from '../../../publications/program.store.js';
import type { Program } from '../../../publications/publication.entities.js';
import { SetUp } from '../set-up.js';
import { LATE_RUNG } from './publication.js';

const DAY_MS = 86_400_000;
/** What is younger waits for the next week, so that the story ends with something to decide. */
const LET_REST_DAYS = 9;
/** How many grants of a status are looked at; there are never so many. */
const MANY = 1_000;
/** As the audit log of the demo names them: there is no key. */
const EDITOR: StaffActor = { actor: 'demo', role: 'editor' };

/** What people of the publication do about their program. */
@Injectable()
export class Editor {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly setUp: SetUp,
    private readonly importSubscribers: ImportSubscribers,
    private readonly runImports: RunImports,
    private readonly decideGrant: DecideGrant,
  ) {}

  /** A file of readers who agreed elsewhere, taken in at once. */
  async bring({ publicationId }: Program, lines: Iterable<string>): Promise<void> {
    const options = { consent: 'Signed up on our old site', dryRun: false, mailPast: false, mapping: {} };
    await this.importSubscribers.run(publicationId, options, bytesOf(lines));
    while (await this.runImports.step(publicationId));
  }

  /** From now on friends must stay for three days before they count, and rewards go out once a day. */
  async holdAndSchedule({ publicationId, id }: Program): Promise<Program> {
    const schedule = { deliveryWhen: 'scheduled', deliveryCron: '0 18 * * *', deliveryTimezone: 'Asia/Tokyo' };
    await updateProgram(this.database.reader, publicationId, id, { holdDays: 3, ...schedule });
    return getProgram(this.database.reader, publicationId, id);
  }

  async addRung(program: Program): Promise<void> {
    await this.setUp.addRung(program, LATE_RUNG);
  }

  /** Once a week: lets out what waited for a person, ticks off what was handed over, takes back what nobody wants any more. */
  async goThroughGrants({ publicationId }: Program): Promise<void> {
    for (const [n, { id }] of (await this.rested(publicationId, 'awaiting_approval')).entries()) {
      if (n % 3 === 2) await this.decideGrant.revoke(publicationId, id, 'cannot come on any of the days', EDITOR);
      else await this.decideGrant.approve(publicationId, id, EDITOR);
    }
    for (const { id, rewardKind } of await this.rested(publicationId, 'sent')) {
      if (rewardKind === 'custom') await this.decideGrant.fulfil(publicationId, id, EDITOR);
    }
    const [waitsLongest] = await this.rested(publicationId, 'out_of_stock');
    if (waitsLongest) await this.decideGrant.revoke(publicationId, waitsLongest.id, 'took a book instead', EDITOR);
  }

  /** Oldest first. */
  private async rested(publicationId: string, status: GrantRow['status']): Promise<GrantRow[]> {
    const page = { limit: MANY, after: null };
    const grants = await listGrants(this.database.reader, publicationId, { status, subscriberId: null }, page);
    const before = this.clock.now().getTime() - LET_REST_DAYS * DAY_MS;
    return grants.filter(({ createdAt }) => createdAt.getTime() < before).reverse();
  }
}

async function* bytesOf(lines: Iterable<string>): AsyncGenerator<Uint8Array> {
  for (const line of lines) yield Buffer.from(line);
}
