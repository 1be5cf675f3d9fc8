import { Injectable } from '@nestjs/common';
import { adjustment, coveredByTotals } from '../domain/import-verdicts.js';
import type { Import } from '../imports/import.entities.js';
import { namedReferrers } from '../imports/covered-counts.store.js';
import { type Adjustment, adjustCounts, sayCountRaised, toldCounts } from '../imports/merge-counts.store.js';
import { countReferrals, madeReferrals, mergeReferrals, type MovedCount } from '../imports/merge-referrals.store.js';
import type { Batch } from '../imports/merge-readers.store.js';
import { Ids } from '../platform/clock.js';
import type { Tx } from '../platform/database.js';
import { listPrograms, lockLadder } from '../publications/program.store.js';
import type { Program } from '../publications/publication.entities.js';
import { AwardPast } from './award-past.js';

/** Who referred whom, and what else counts for whom, batch by batch, when all readers of a file are there. */
@Injectable()
export class ImportReferrals {
  constructor(
    private readonly ids: Ids,
    private readonly awardPast: AwardPast,
  ) {}

  /** Rows that name their referrer: friends who are new make verified referrals. */
  async referrals(tx: Tx, run: Import, batch: Batch, now: Date): Promise<void> {
    const programs = await this.lockLadders(tx, run.publicationId);
    const referralBase = this.ids.next();
    const made = { referralBase, eventBase: this.ids.next(), programId: programs[0]!.id, now };
    await mergeReferrals(tx, batch, made);
    const counted = await countReferrals(tx, batch, referralBase, now);
    if (counted.length === 0) return;
    const moved = await this.withoutCovered(tx, batch, programs[0]!, counted, now);
    const referrals = await madeReferrals(tx, batch, referralBase);
    for (const program of programs) {
      const of = <T extends { programId: string }>(all: T[]) => all.filter(({ programId }) => programId === program.id);
      await this.awardPast.within(tx, { program, moved: of(moved), referrals: of(referrals) }, run.mailPast, now);
    }
  }

  /** Friends who were in an earlier total without a name count once: before milestones are looked at. */
  private async withoutCovered(
    tx: Tx,
    batch: Batch,
    program: Program,
    counted: MovedCount[],
    now: Date,
  ): Promise<MovedCount[]> {
    const ids = counted.map(({ participantId }) => participantId);
    const covered = new Map<string, number>();
    const inBatch = new Map(counted.map(({ participantId, before, after }) => [participantId, after - before]));
    for (const { participantId, told, toldBefore, named, added } of await namedReferrers(tx, batch, program, ids)) {
      const of = coveredByTotals(told, toldBefore, named, inBatch.get(participantId) ?? 0, added);
      if (of > 0) covered.set(participantId, of);
    }
    if (covered.size === 0) return counted;
    const corrections = [...covered].map(([participantId, of]): Adjustment => {
      return { id: this.ids.next(), participantId, delta: -of, total: null };
    });
    await adjustCounts(tx, batch.publicationId, program.season, corrections, now);
    return counted.map((count) => ({ ...count, after: count.after - (covered.get(count.participantId) ?? 0) }));
  }

  /** Rows that tell a total: what the referrals do not explain is added as an adjustment. */
  async counts(tx: Tx, run: Import, batch: Batch, now: Date): Promise<void> {
    const [program] = await this.lockLadders(tx, run.publicationId);
    const told = (await toldCounts(tx, batch, program!)).map((row) => ({
      ...row,
      delta: adjustment(row.told, row.count, row.toldBefore, row.isNew),
    }));
    const toKeep = told.filter(({ delta, told, toldBefore }) => delta !== 0 || told > (toldBefore ?? 0));
    if (toKeep.length === 0) return;
    const adjustments = toKeep.map<Adjustment>(({ participantId, delta, told }) => {
      return { id: this.ids.next(), participantId, delta, total: told };
    });
    await adjustCounts(tx, run.publicationId, program!.season, adjustments, now);
    const raised = told.filter(({ isNew, delta }) => !isNew && delta > 0);
    if (raised.length > 0) {
      await sayCountRaised(
        tx,
        batch,
        raised.map(({ rowNo }) => rowNo),
      );
    }
    const moved = told.map(({ participantId, subscriberId, count, delta }) => {
      return { participantId, subscriberId, before: count, after: count + delta };
    });
    await this.awardPast.within(tx, { program: program!, moved, referrals: [] }, run.mailPast, now);
  }

  /** Nobody may cross a milestone unseen while the ladder is being changed. The first program is `default`. */
  private async lockLadders(tx: Tx, publicationId: string): Promise<Program[]> {
    const programs = await listPrograms(tx, publicationId);
    if (programs.length === 0) throw new Error('a publication without a program');
    for (const { id } of programs) await lockLadder(tx, publicationId, id, 'shared');
    return programs;
  }
}
