import { Injectable } from '@nestjs/common';
import { DomainError } from '../domain/errors.js';
import type { StaffActor } from '../domain/permissions.js';
import { qualifies } from '../domain/qualification.js';
import { findLead, type LeadRow } from '../leads/lead.store.js';
import { type Marks, marksOf, setMarks } from '../leads/lead-marks.store.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import { lockReferral } from '../referrals/referral.store.js';
import { Audit } from './audit.js';
import { ReachStage } from './reach-stage.js';
import { TellLead } from './tell-lead.js';

/** What is not there is not changed. */
type LeadChange = { [Field in keyof Marks]?: Marks[Field] | undefined } & { qualified?: boolean | undefined };

/** Marketing notes what it knows of a lead, and qualifies it or takes that back: the stage, the counts and the grants follow at once. */
@Injectable()
export class MarkLead {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly reachStage: ReachStage,
    private readonly tellLead: TellLead,
    private readonly audit: Audit,
  ) {}

  /** Answers the lead as it is then. Throws `request/not-found`. */
  run(publicationId: string, id: string, { qualified, ...change }: LeadChange, by: StaffActor): Promise<LeadRow> {
    return this.database.transaction(async (tx) => {
      const now = this.clock.now();
      const referral = await lockReferral(tx, publicationId, id);
      if (referral === null || (await findLead(tx, publicationId, id)) === null) {
        throw new DomainError('request/not-found', 'There is no such lead');
      }
      const before = await marksOf(tx, publicationId, id);
      const after = { ...before, ...named(change) };
      await setMarks(tx, publicationId, id, after, now);
      const verdict = qualifies(before, after, qualified);
      if (verdict === false) await this.reachStage.undo(tx, referral, 'qualified', now);
      if (verdict === true && (await this.reachStage.within(tx, referral, 'qualified', now, now))) {
        await this.tellLead.qualified(tx, referral, now);
      }
      const { owner: _, note: __, ...answers } = change; // what names people is in the lead, where an erasure finds it
      const data = { ...answers, ...(verdict !== null && { qualified: verdict }) };
      await this.audit.within(tx, publicationId, by, { act: 'lead.change', subject: { kind: 'lead', id }, data }, now);
      return (await findLead(tx, publicationId, id))!;
    });
  }
}

function named(change: Partial<Record<keyof Marks, unknown>>): Partial<Marks> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}
