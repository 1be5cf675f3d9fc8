import { Injectable } from '@nestjs/common';
import { assess, type Findings, isRefusal, MACHINE_SIGNS } from '../domain/fraud.js';
import { HOUSE_WAIT_MS } from '../domain/fraud/house.js';
import { decide, type Verdict } from '../domain/fraud/decide.js';
import { isDisposable } from '../domain/mail-providers.js';
import { expiresAt } from '../domain/referral.js';
import type { Tx } from '../platform/database.js';
import { getProgram } from '../publications/program.store.js';
import { recordAssessment } from '../referrals/assessment.store.js';
import { lockJudging, readSurroundings } from '../referrals/judging.store.js';
import type { Program } from '../publications/publication.entities.js';
import type { Referral } from '../referrals/referral.entities.js';
import { participantsById } from '../subscribers/participant.store.js';
import { findSubscriber, type PresentSubscriber } from '../subscribers/subscriber.store.js';
import { ChangeReferral } from './change-referral.js';
import { SettleHeld } from './settle-held.js';
import { TellSharer } from './tell-sharer.js';
import { Traces, type Visitor } from './traces.js';

/** How the button in the confirm mail was pressed; null where somebody else confirmed on the friend's behalf. */
export type Confirmation = (Visitor & { afterSendMs: number | null }) | null;

/** A friend has confirmed: whoever referred them gets the credit, the reason why not, or a hold until a person has looked. */
@Injectable()
export class JudgeReferral {
  constructor(
    private readonly traces: Traces,
    private readonly changeReferral: ChangeReferral,
    private readonly settleHeld: SettleHeld,
    private readonly tellSharer: TellSharer,
  ) {}

  /** The referral is pending and locked, and so is the friend's mailbox. */
  async within(
    tx: Tx,
    friend: PresentSubscriber,
    referral: Referral,
    aliasOfEarlier: boolean,
    confirmation: Confirmation,
    now: Date,
  ): Promise<void> {
    if (expiresAt(referral.createdAt) <= now) {
      return this.changeReferral.within(tx, referral, { state: 'expired' }, 'schedule', now);
    }
    const { publicationId } = friend;
    const program = await getProgram(tx, publicationId, referral.programId);
    const { findings, passed } = await this.look(tx, friend, referral, aliasOfEarlier, confirmation, now);
    const { outcome, reasons, forDays } = decide(findings, program.fraudLevel, passed);
    await this.keep(tx, referral, program, findings, outcome, now);
    if (outcome === 'passed') {
      await this.settleHeld.within(tx, { ...referral, confirmedAt: now }, program, now, 'reader');
      return;
    }
    const heldUntil = forDays ? new Date(now.getTime() + HOUSE_WAIT_MS) : null;
    const held = { state: 'held', heldFor: 'review', heldUntil } as const;
    const to = outcome === 'rejected' ? { state: outcome } : held;
    await this.changeReferral.within(tx, referral, { ...to, reasons, confirmedAt: now }, 'reader', now);
    if (outcome === 'rejected') await this.tellSharer.refused(tx, referral, now);
  }

  /**
   * The button was pressed once more. Where a mail scanner pressed it first, the person behind it lets the referral go on: what
   * looked like a machine was one, and this is not. Whatever else held it holds it still.
   */
  async again(
    tx: Tx,
    friend: PresentSubscriber,
    referral: Referral,
    confirmation: Confirmation,
    now: Date,
  ): Promise<void> {
    const isByMachine = referral.heldFor === 'review' && referral.reasons.some(({ code }) => code === MACHINE_SIGNS);
    if (!isByMachine || referral.reasons.some(isRefusal)) return;
    const program = await getProgram(tx, friend.publicationId, referral.programId);
    const { findings, passed } = await this.look(tx, friend, referral, false, confirmation, now);
    const { outcome } = decide(findings, program.fraudLevel, passed);
    if (outcome !== 'passed' || findings.signs.some(({ code }) => code === MACHINE_SIGNS)) return;
    await this.keep(tx, referral, program, findings, outcome, now);
    await this.settleHeld.within(tx, referral, program, now, 'reader');
  }

  private async keep(
    tx: Tx,
    { publicationId, id: referralId, referrerId }: Referral,
    { fraudLevel: level }: Program,
    findings: Findings,
    outcome: Verdict['outcome'],
    at: Date,
  ): Promise<void> {
    await recordAssessment(tx, publicationId, { referralId, referrerId, at, level, findings, outcome });
  }

  private async look(
    tx: Tx,
    friend: PresentSubscriber,
    referral: Referral,
    aliasOfEarlier: boolean,
    confirmation: Confirmation,
    now: Date,
  ) {
    const { publicationId } = friend;
    const [participant] = await participantsById(tx, publicationId, [referral.referrerId]);
    const referrer = participant && (await findSubscriber(tx, publicationId, participant.subscriberId));
    if (!referrer) throw new Error('a referral without a referrer');
    // Friends who confirm at once queue up here: each is judged knowing those before it.
    await lockJudging(tx, publicationId, referral.referrerId);
    const own = this.traces.ofAddress(publicationId, friend);
    const seen = await readSurroundings(tx, publicationId, referral.id, {
      friend: { subscriberId: friend.id, ...own },
      referrer: { id: referral.referrerId, subscriberId: referrer.id },
      confirmation: confirmation && {
        ...this.traces.of(publicationId, confirmation),
        afterSendMs: confirmation.afterSendMs,
      },
      now,
    });
    const domain = friend.email.slice(friend.email.lastIndexOf('@') + 1);
    const { isKnownHouse: isKnown, passed, ...signals } = seen;
    const referrerDomain = this.traces.house(publicationId, referrer.emailKey)?.toString('hex') ?? null;
    const findings = assess({
      ...signals,
      referrer: { subscriberId: referrer.id, emailKey: referrer.emailKey, abuseKey: referrer.abuseKey },
      friend: { emailKey: friend.emailKey, abuseKey: friend.abuseKey, domain },
      aliasOfEarlier,
      disposable: isDisposable(domain),
      house: { domain: own.domain?.toString('hex') ?? null, referrerDomain, isKnown },
    });
    return { findings, passed };
  }
}
