import { Injectable } from '@nestjs/common';
import { DomainError } from '../domain/errors.js';
import type { FraudLevel } from '../domain/fraud.js';
import { DAY_MS } from '../domain/fraud/decide.js';
import { type DryRun, Replay } from '../domain/fraud/dry-run.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import { findProgram } from '../publications/program.store.js';
import { readAssessments } from '../referrals/assessment.store.js';

const DAYS = 90;

/** What another level would have decided on the referrals that were confirmed lately. Writes nothing. */
@Injectable()
export class DryRunFraud {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** `wanted` null is the level of the program now. Throws `request/not-found`. */
  async run(
    publicationId: string,
    slug: string,
    wanted: FraudLevel | null,
  ): Promise<DryRun & { level: FraudLevel; since: Date; current: FraudLevel }> {
    const program = await findProgram(this.database.reader, publicationId, slug);
    if (program === null) throw new DomainError('request/not-found', 'There is no such program');
    const level = wanted ?? program.fraudLevel;
    const since = new Date(this.clock.now().getTime() - DAYS * DAY_MS);
    const replay = new Replay(level, since);
    // A day more: it fills the caps of the first one.
    const from = new Date(since.getTime() - DAY_MS);
    for await (const judged of readAssessments(this.database, publicationId, program.id, from)) replay.add(judged);
    return { ...replay.result, level, since, current: program.fraudLevel };
  }
}
