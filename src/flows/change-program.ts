import { Injectable } from '@nestjs/common';
import { DomainError, invalid } from '../domain/errors.js';
import { cronProblem } from '../domain/release.js';
import { Database } from '../platform/database.js';
import { lockProgram, updateProgram } from '../publications/program.store.js';
import type { Program } from '../publications/publication.entities.js';

/** What is not there is not changed, inside of these objects too. */
interface ProgramChange {
  name?: string | undefined;
  landingUrl?: string | null | undefined;
  attribution?: Partial<{ model: Program['attributionModel']; windowDays: number }> | undefined;
  verification?: Partial<Pick<Program, 'doubleOptIn' | 'holdDays' | 'requireEngagement'>> | undefined;
  fraud?: Partial<{ level: Program['fraudLevel'] }> | undefined;
  delivery?: Partial<{ when: Program['deliveryWhen']; cron: string; timezone: string }> | undefined;
}

/** An editor changes settings of a program. The row is locked, since a schedule is put together from what is there and what is named. */
@Injectable()
export class ChangeProgram {
  constructor(private readonly database: Database) {}

  /** Answers the program as it is then. Throws `request/not-found`, and `request/invalid` for a schedule that cannot be. */
  run(publicationId: string, slug: string, change: ProgramChange): Promise<Program> {
    return this.database.transaction(async (tx) => {
      const program = await lockProgram(tx, publicationId, slug);
      if (program === null) throw new DomainError('request/not-found', 'There is no such program');
      const changed = { ...program, ...changedColumns(program, change) };
      await updateProgram(tx, publicationId, program.id, changed);
      return changed;
    });
  }
}

function changedColumns(
  program: Program,
  { name, landingUrl, attribution, verification, fraud, delivery }: ProgramChange,
): Partial<Program> {
  return {
    name: name ?? program.name,
    landingUrl: landingUrl === undefined ? program.landingUrl : landingUrl,
    attributionModel: attribution?.model ?? program.attributionModel,
    attributionWindowDays: attribution?.windowDays ?? program.attributionWindowDays,
    ...(verification && patience(program, verification)),
    fraudLevel: fraud?.level ?? program.fraudLevel,
    ...(delivery && schedule(program, delivery)),
  };
}

function patience(program: Program, named: NonNullable<ProgramChange['verification']>): Partial<Program> {
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
