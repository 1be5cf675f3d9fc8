import { Injectable } from '@nestjs/common';
import { DomainError, invalid } from '../domain/errors.js';
import type { StaffActor } from '../domain/permissions.js';
import { cronProblem } from '../domain/release.js';
import { listMilestones } from '../milestones/milestone.store.js';
import { Clock } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import { lockAccess, lockLadder, lockProgram, updateProgram } from '../publications/program.store.js';
import type { Program } from '../publications/publication.entities.js';
import { Audit } from './audit.js';

/** Settings that are columns of the same name. */
const PLAIN = [
  'name', 'access', 'landingUrl', 'segment', 'joinFields', 'askHeardFrom', 'description', 'termsUrl', 'faq', 'steps', 'shareMessage',
  'shareVariants', 'joinPage', 'showsBoard', 'requirements', 'handIn',
] as const; // prettier-ignore
/** Settings that say who takes part. */
const OF_ACCESS = ['access', 'segment', 'requirements'] as const;

/** Before every reader: the enrolment looks at those that come after. */
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** What is not there is not changed, inside of these objects too. */
export type ProgramChange = { [Name in (typeof PLAIN)[number]]?: Program[Name] | undefined } & {
  attribution?: Partial<{ model: Program['attributionModel']; windowDays: number }> | undefined;
  verification?: Partial<Pick<Program, 'doubleOptIn' | 'holdDays' | 'requireEngagement'>> | undefined;
  fraud?: Partial<{ level: Program['fraudLevel'] }> | undefined;
  stages?: string[] | undefined;
  delivery?: Partial<{ when: Program['deliveryWhen']; cron: string; timezone: string }> | undefined;
};

/** An editor changes settings of a program. The row is locked, since a schedule is put together from what is there and what is named. */
@Injectable()
export class ChangeProgram {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  /**
   * Answers the program as it is then. Throws `request/not-found`, `program/stage-in-use`, and `request/invalid` for settings
   * that do not fit together.
   */
  run(publicationId: string, slug: string, change: ProgramChange, by: StaffActor): Promise<Program> {
    return this.database.transaction(async (tx) => {
      const changed = await this.within(tx, publicationId, slug, change);
      const audited = { act: 'program.change', subject: { kind: 'program', id: changed.id }, data: { ...change } };
      await this.audit.within(tx, publicationId, by, audited, this.clock.now());
      return changed;
    });
  }

  /** As run, for a program that was made in the same transaction. */
  async within(tx: Tx, publicationId: string, slug: string, change: ProgramChange): Promise<Program> {
    if (OF_ACCESS.some((name) => change[name] !== undefined)) await lockAccess(tx, publicationId, 'alone');
    const program = await lockProgram(tx, publicationId, slug);
    if (program === null) throw new DomainError('request/not-found', 'There is no such program');
    const changed = { ...program, ...changedColumns(program, change) };
    refuseMisfit(changed);
    await refuseStagesInUse(tx, program, changed.stages);
    if (takesMoreByItself(program, changed)) changed.enrolAfter = BEFORE_ALL;
    await updateProgram(tx, publicationId, program.id, changed);
    return changed;
  }
}

/** A stage that a milestone counts stays. The ladder is held alone, so that no milestone on it comes meanwhile. */
async function refuseStagesInUse(tx: Tx, { publicationId, id, stages }: Program, wanted: string[]): Promise<void> {
  const given = stages.filter((stage) => !wanted.includes(stage));
  if (given.length === 0) return;
  await lockLadder(tx, publicationId, id, 'alone');
  const milestone = (await listMilestones(tx, publicationId, id)).find(({ stage }) => given.includes(stage));
  if (milestone === undefined) return;
  throw new DomainError(
    'program/stage-in-use',
    `The milestone "${milestone.name}" counts the stage ${milestone.stage}`,
  );
}

function changedColumns(program: Program, change: ProgramChange): Partial<Program> {
  const { attribution, verification, fraud, delivery, stages } = change;
  return {
    ...Object.fromEntries(PLAIN.filter((name) => change[name] !== undefined).map((name) => [name, change[name]])),
    attributionModel: attribution?.model ?? program.attributionModel,
    attributionWindowDays: attribution?.windowDays ?? program.attributionWindowDays,
    fraudLevel: fraud?.level ?? program.fraudLevel,
    stages: stages ?? program.stages,
    ...(verification && verified(program, verification)),
    ...(delivery && schedule(program, delivery)),
  };
}

function refuseMisfit({ access, segment, requirements }: Program): void {
  if (access === 'segment' && segment === null) throw invalid('segment', 'is needed for access: segment');
  if (requirements.length > 0 && access !== 'invite' && access !== 'application') {
    throw invalid('requirements', 'are for access: invite or application, and can be none with another');
  }
}

/** Whether readers of today come in without asking: they are enrolled in the background. */
function takesMoreByItself(before: Program, after: Program): boolean {
  if (after.access === 'auto') return before.access !== 'auto';
  if (after.access !== 'segment') return false;
  return before.access !== 'segment' || JSON.stringify(before.segment) !== JSON.stringify(after.segment);
}

function verified(program: Program, named: NonNullable<ProgramChange['verification']>): Partial<Program> {
  return {
    doubleOptIn: named.doubleOptIn ?? program.doubleOptIn,
    holdDays: named.holdDays ?? program.holdDays,
    requireEngagement: named.requireEngagement ?? program.requireEngagement,
  };
}

function schedule(program: Program, named: NonNullable<ProgramChange['delivery']>): Partial<Program> {
  const cron = named.cron ?? program.deliveryCron;
  const timezone = named.timezone ?? program.deliveryTimezone ?? 'UTC';
  if ((named.when ?? program.deliveryWhen) === 'immediate') {
    if (named.cron !== undefined) throw invalid('delivery.cron', 'is for when: scheduled');
    return { deliveryWhen: 'immediate', deliveryCron: null, deliveryTimezone: null };
  }
  if (cron === null) throw invalid('delivery.cron', 'is needed for when: scheduled');
  const problem = cronProblem(cron, timezone);
  if (problem !== null) throw invalid('delivery.cron', problem);
  return { deliveryWhen: 'scheduled', deliveryCron: cron, deliveryTimezone: timezone };
}
