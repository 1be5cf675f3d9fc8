import { Injectable } from '@nestjs/common';
import { DomainError, invalid } from '../domain/errors.js';
import { cronProblem } from '../domain/release.js';
import { Database, type Tx } from '../platform/database.js';
import { lockAccess, lockProgram, updateProgram } from '../publications/program.store.js';
import type { Program } from '../publications/publication.entities.js';

/** Settings that are columns of the same name. */
const PLAIN = [
  'name', 'access', 'landingUrl', 'segment', 'joinFields', 'askHeardFrom', 'description', 'termsUrl', 'faq', 'steps', 'shareMessage',
  'requirements', 'handIn',
] as const; // prettier-ignore
/** Settings that say who takes part. */
const OF_ACCESS = ['access', 'segment', 'requirements'] as const;

/** Before every reader: the enrolment looks at those that come after. */
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** What is not there is not changed, inside of these objects too. */
export type ProgramChange = { [Name in (typeof PLAIN)[number]]?: Program[Name] | undefined } & {
  attribution?: Partial<{ model: Program['attributionModel']; windowDays: number }> | undefined;
  verification?: { holdDays?: number | undefined } | undefined;
  delivery?: Partial<{ when: Program['deliveryWhen']; cron: string; timezone: string }> | undefined;
};

/** An editor changes settings of a program. The row is locked, since a schedule is put together from what is there and what is named. */
@Injectable()
export class ChangeProgram {
  constructor(private readonly database: Database) {}

  /** Answers the program as it is then. Throws `request/not-found`, and `request/invalid` for settings that do not fit together. */
  run(publicationId: string, slug: string, change: ProgramChange): Promise<Program> {
    return this.database.transaction((tx) => this.within(tx, publicationId, slug, change));
  }

  async within(tx: Tx, publicationId: string, slug: string, change: ProgramChange): Promise<Program> {
    if (OF_ACCESS.some((name) => change[name] !== undefined)) await lockAccess(tx, publicationId, 'alone');
    const program = await lockProgram(tx, publicationId, slug);
    if (program === null) throw new DomainError('request/not-found', 'There is no such program');
    const changed = { ...program, ...changedColumns(program, change) };
    refuseMisfit(changed);
    if (takesMoreByItself(program, changed)) changed.enrolAfter = BEFORE_ALL;
    await updateProgram(tx, publicationId, program.id, changed);
    return changed;
  }
}

function changedColumns(program: Program, change: ProgramChange): Partial<Program> {
  const { attribution, verification, delivery } = change;
  return {
    ...Object.fromEntries(PLAIN.filter((name) => change[name] !== undefined).map((name) => [name, change[name]])),
    attributionModel: attribution?.model ?? program.attributionModel,
    attributionWindowDays: attribution?.windowDays ?? program.attributionWindowDays,
    holdDays: verification?.holdDays ?? program.holdDays,
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
