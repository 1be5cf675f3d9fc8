import type { HeldFor, ReferralState } from '../../src/domain/referral.js';
import { FIRST_READERS, line, ODD, type Patience, type Player, type Setting, type Shown, type Step, type Via, WINDOW_DAYS } from './steps.js'; // prettier-ignore

/*
 * A publication told as plainly as can be: lists that are looked through each time, days for times, and every sentence of the
 * product's description written out. It shares nothing but the names of states with what it is compared with.
 */

interface Reader {
  address: number | null;
  status: 'pending' | 'active' | 'unsubscribed' | 'bounced' | 'erased';
  everConfirmed: boolean;
  confirmations: { day: number; step: number }[];
  former: { address: number; confirmed: boolean }[];
  isOdd: boolean;
}

interface Tie {
  of: number;
  by: number;
  state: ReferralState;
  heldFor: HeldFor | null;
  until: number | null;
  reasons: string[];
  made: { day: number; step: number };
  confirmedDay: number | null;
  engaged: boolean;
  appealed: boolean;
  /** The season in which it counts. */
  season: number | null;
  history: string[];
}

const EXPIRES_AFTER = 14;
const SIGNS = ['same_device', 'machine_signs'];
const mailboxOf = (address: number): number => Math.floor(address / 2);

export class PlainModel implements Player {
  private readonly readers: Reader[] = [];
  private readonly ties: Tie[] = [];
  private readonly erased: { address: number; confirmed: boolean }[] = [];
  private clicks: { address: number; of: number; day: number }[] = [];
  private readonly model: Setting['model'];
  private patience: Patience;
  private day = 0;
  private step = 0;
  private season = 1;

  constructor({ model, patience }: Setting) {
    this.model = model;
    this.patience = patience;
    for (const address of FIRST_READERS) {
      this.signUp(address, { how: 'nothing' });
      this.confirm(this.readers.length - 1);
    }
  }

  shown(): Shown {
    return {
      readers: this.readers.map(({ status }, n) => {
        const counted = this.ties.filter(({ by, state }) => by === n && state === 'verified');
        return {
          status,
          current: counted.filter(({ season }) => season === this.season).length,
          lifetime: counted.length,
        };
      }),
      referrals: this.ties.map(({ of, by, state, heldFor, history }) => ({ of, by, state: heldFor ?? state, history })),
    };
  }

  take(step: Step): string | null {
    this.step++;
    if ('reader' in step) return this.ofReader(step, step.reader % this.readers.length);
    if ('referral' in step) {
      const tie = this.ties[step.referral % Math.max(1, this.ties.length)];
      return tie === undefined ? null : this.ofReferral(step.kind, tie);
    }
    if (step.kind === 'signup') this.signUp(step.address, step.via);
    else if (step.kind === 'click') {
      this.clicks.push({ address: step.address, of: step.of % this.readers.length, day: this.day });
    } else if (step.kind === 'wait') this.day += step.days;
    else if (step.kind === 'season') this.season++;
    else if (step.kind === 'program') this.patience = step.patience;
    else this.tick();
    return null;
  }

  private ofReader(step: Extract<Step, { reader: number }>, n: number): string | null {
    if (step.kind === 'confirm') return this.confirm(n);
    if (step.kind === 'move') return this.move(n, step.address);
    if (step.kind === 'engage') this.engage(n);
    else if (step.kind === 'erase') this.erase(n);
    else this.leave(n, step.kind === 'bounce' ? 'bounced' : 'unsubscribed');
    return null;
  }

  private ofReferral(kind: 'approve' | 'reject' | 'appeal', tie: Tie): string | null {
    if (kind === 'appeal') return this.appeal(tie);
    if (kind === 'approve') this.approve(tie);
    else this.reject(tie);
    return null;
  }

  private signUp(address: number, via: Via): void {
    const by = this.creditedTo(address, via);
    let n = this.readers.findIndex((reader) => reader.address === address);
    if (n < 0) {
      const blank = { address, status: 'pending', everConfirmed: false, isOdd: false } as const;
      n = this.readers.push({ ...blank, confirmations: [], former: [] }) - 1;
    }
    const reader = this.readers[n]!;
    if (reader.status === 'unsubscribed' || reader.status === 'bounced') reader.status = 'pending';
    if (by !== null) this.tie(n, by);
    if (reader.status === 'pending') reader.isOdd = address === ODD;
  }

  private creditedTo(address: number, via: Via): number | null {
    // Nobody brings themselves before they have confirmed.
    const brings = (by: number) => {
      const { address: theirs, status, everConfirmed } = this.readers[by]!;
      return status !== 'erased' && (theirs !== address || everConfirmed);
    };
    if (via.how === 'nothing') return null;
    if (via.how === 'code') {
      const by = via.of % this.readers.length;
      return brings(by) ? by : null;
    }
    const good = this.clicks.filter(
      (click) => click.address === address && this.day - click.day < WINDOW_DAYS && brings(click.of),
    );
    this.clicks = this.clicks.filter((click) => click.address !== address);
    return (this.model === 'first' ? good[0] : good.at(-1))?.of ?? null;
  }

  private tie(n: number, by: number): void {
    const { everConfirmed, address } = this.readers[n]!;
    const wasErased = this.erased.some((one) => one.confirmed && one.address === address);
    const known = by === n ? 'self_referral' : everConfirmed || wasErased ? 'already_subscribed' : null;
    const made = { day: this.day, step: this.step };
    const fresh = { by, heldFor: null, until: null, made, confirmedDay: null, engaged: false, season: null };
    const had = this.ties.find(({ of }) => of === n);
    if (had === undefined) {
      const state = known === null ? ('pending' as const) : ('rejected' as const);
      const reasons = known === null ? [] : [known];
      const history = [line(null, state, null, reasons, 'reader')];
      this.ties.push({ ...fresh, of: n, state, reasons, appealed: false, history });
    } else if (had.state === 'expired' && known === null) {
      Object.assign(had, { ...fresh, reasons: [] });
      this.become(had, 'pending', 'reader');
    }
  }

  private become(tie: Tie, state: ReferralState, actor: string, heldFor: HeldFor | null = null): void {
    tie.history.push(line(tie.state, state, heldFor, tie.reasons, actor));
    tie.season = state === 'verified' ? this.season : null;
    Object.assign(tie, { state, heldFor });
    if (heldFor !== 'delay') tie.until = null;
  }

  private confirm(n: number): string | null {
    const reader = this.readers[n]!;
    if (reader.status === 'active') return null;
    if (reader.status !== 'pending') return 'subscriber/not-confirmable';
    reader.status = 'active';
    reader.everConfirmed = true;
    reader.confirmations.push({ day: this.day, step: this.step });
    const tie = this.ties.find(({ of }) => of === n);
    if (tie?.state === 'pending') this.judge(tie, reader);
    return null;
  }

  private judge(tie: Tie, friend: Reader): void {
    if (this.day >= tie.made.day + EXPIRES_AFTER) {
      this.become(tie, 'expired', 'schedule');
      return;
    }
    tie.confirmedDay = this.day;
    const mailbox = mailboxOf(friend.address!);
    const referrer = this.readers[tie.by]!;
    const isReferrers = referrer.address !== null && mailboxOf(referrer.address) === mailbox;
    if (isReferrers || this.isKnown(mailbox, friend)) {
      tie.reasons = [isReferrers ? 'alias_of_referrer' : 'alias_of_existing'];
      this.become(tie, 'rejected', 'reader');
    } else if (friend.isOdd && tie.by === 0) {
      tie.reasons = SIGNS;
      this.become(tie, 'held', 'reader', 'review');
    } else this.goOn(tie, 'reader');
  }

  /** Whether anybody else who ever confirmed has, had or was erased with this mailbox. */
  private isKnown(mailbox: number, but: Reader): boolean {
    const others = this.readers.filter((reader) => reader !== but);
    const had = [
      ...others.map(({ address, everConfirmed }) => ({ address, confirmed: everConfirmed })),
      ...others.flatMap(({ former }) => former),
      ...this.erased,
    ];
    return had.some(({ address, confirmed }) => confirmed && address !== null && mailboxOf(address) === mailbox);
  }

  /** No review holds it any more: what does? Nothing holds one whose friend has left, for a person knew of it. */
  private goOn(tie: Tie, actor: string): void {
    if (tie.reasons.includes('left_in_delay')) {
      this.become(tie, 'verified', actor);
      return;
    }
    if (tie.heldFor !== 'engagement') {
      const until = tie.until ?? (tie.confirmedDay ?? tie.made.day) + this.patience.holdDays;
      if (this.day < until) {
        if (tie.heldFor !== 'delay') this.become(tie, 'held', actor, 'delay');
        tie.until = until;
        return;
      }
    }
    if (!this.patience.requireEngagement || tie.engaged) this.become(tie, 'verified', actor);
    else if (tie.heldFor !== 'engagement') this.become(tie, 'held', actor, 'engagement');
  }

  private tick(): void {
    for (const tie of this.ties) {
      if (tie.state === 'pending' && this.day >= tie.made.day + EXPIRES_AFTER) this.become(tie, 'expired', 'schedule');
      if (tie.heldFor === 'delay' || tie.heldFor === 'engagement') this.goOn(tie, 'schedule');
    }
  }

  private engage(n: number): void {
    const tie = this.ties.find(({ of }) => of === n);
    if (tie === undefined || this.readers[n]!.status === 'erased') return;
    // One that a person let through though it was refused at signup has no confirmation of its own.
    if (tie.confirmedDay === null && tie.state !== 'held') return;
    if (tie.engaged) return;
    tie.engaged = true;
    if (tie.heldFor === 'engagement') this.goOn(tie, 'reader');
  }

  private leave(n: number, how: 'unsubscribed' | 'bounced'): void {
    const reader = this.readers[n]!;
    if (reader.status !== 'pending' && reader.status !== 'active') return;
    reader.status = how;
    const tie = this.ties.find(({ of }) => of === n);
    if (tie?.state !== 'held') return;
    tie.reasons = lastly(tie.reasons, 'left_in_delay');
    this.become(tie, 'rejected', 'reader');
  }

  private erase(n: number): void {
    const reader = this.readers[n]!;
    if (reader.status === 'erased') return;
    this.leave(n, 'unsubscribed');
    const tie = this.ties.find(({ of }) => of === n);
    if (tie?.state === 'pending') this.become(tie, 'expired', 'reader');
    if (tie?.state === 'held') {
      tie.reasons = lastly(tie.reasons, 'left_in_delay');
      this.become(tie, 'rejected', 'reader');
    }
    this.erased.push({ address: reader.address!, confirmed: reader.everConfirmed }, ...reader.former);
    Object.assign(reader, { address: null, status: 'erased', former: [] });
  }

  private move(n: number, to: number): string | null {
    const reader = this.readers[n]!;
    if (reader.status === 'erased') return 'subscriber/erased';
    if (reader.address === to) return null;
    if (this.readers.some(({ address }) => address === to)) return 'subscriber/email-taken';
    reader.former.push({ address: reader.address!, confirmed: reader.everConfirmed });
    reader.address = to;
    return null;
  }

  private approve(tie: Tie): void {
    if (tie.heldFor === 'review') this.goOn(tie, 'operator');
    else if ((tie.state === 'rejected' || tie.state === 'reversed') && this.readers[tie.of]!.everConfirmed) {
      this.become(tie, 'verified', 'operator');
    }
  }

  private reject(tie: Tie): void {
    if (tie.state === 'pending' || tie.state === 'held') {
      tie.reasons = lastly(tie.reasons, 'rejected_by_reviewer');
      this.become(tie, 'rejected', 'operator');
    } else if (tie.state === 'verified') {
      tie.reasons = lastly(tie.reasons, 'fraud_found');
      this.become(tie, 'reversed', 'operator');
    }
  }

  private appeal(tie: Tie): string | null {
    const { made } = tie;
    const pressedSince = this.readers[tie.of]!.confirmations.some(
      ({ day, step }) => step > made.step && day - made.day < EXPIRES_AFTER,
    );
    const isHidden = tie.state === 'rejected' && tie.confirmedDay === null && !pressedSince;
    if (this.readers[tie.by]!.status === 'erased' || isHidden) return null;
    if (tie.appealed) return 'before';
    const told = tie.reasons.filter((reason) => !SIGNS.includes(reason) && reason !== 'rejected_by_reviewer').at(-1);
    const isFriendGone = this.readers[tie.of]!.status === 'erased';
    if (tie.state !== 'rejected' || isFriendGone || told === 'left_in_delay') return 'closed';
    tie.appealed = true;
    this.become(tie, 'held', 'reader', 'review');
    return 'asked';
  }
}

function lastly(reasons: string[], reason: string): string[] {
  return [...reasons.filter((known) => known !== reason), reason];
}
