import { attribute, type Candidate } from '../../src/domain/attribution.js';
import { type Address, parseAddress } from '../../src/domain/email.js';
import { alreadyKnown, assess, LEFT_IN_DELAY, type Reason, type Signals } from '../../src/domain/fraud.js';
import { decide } from '../../src/domain/fraud/decide.js';
import { mayAppeal } from '../../src/domain/friend.js';
import { expiresAt, mayBecome, settle, type Standing } from '../../src/domain/referral.js';
import { FRAUD_FOUND, REJECTED_BY_REVIEWER, reviewStep, withReason } from '../../src/domain/review.js';
import { FIRST_READERS, line, ODD, type Patience, type Player, type Setting, type Shown, type Step, type Via, WINDOW_DAYS } from './steps.js'; // prettier-ignore

/*
 * The rules of src/domain with nothing around them but lists: who is credited, what a check finds and a level makes of it, what
 * holds a referral, what a reviewer and an appeal do, and which steps there are, are asked of the functions that the flows ask.
 */

interface Person {
  id: string;
  address: Address | null;
  status: string;
  confirmedAt: Date | null;
  confirmations: Date[];
  former: Known[];
  isOdd: boolean;
}
interface Known {
  address: Address;
  confirmed: boolean;
}
interface Tied extends Standing {
  of: Person;
  by: Person;
  heldUntil: Date | null;
  reasons: Reason[];
  createdAt: Date;
  confirmedAt: Date | null;
  engagedAt: Date | null;
  isAppealed: boolean;
  season: number | null;
  history: string[];
}
type Click = Candidate & { address: number; of: Person };

const DAY_MS = 86_400_000;
const LINK_LIVES_DAYS = 14;
const MAILBOXES = ['anna', 'bruno', 'clara', 'dario'];
const BLANK = {
  signup: null,
  confirmation: null,
  others: [],
  isCrowded: false,
  disposable: false,
  listed: null,
} as const;
const AT_NO_PLACE = { network: null, agent: null, domain: null, stem: null, clickId: null, earlierKey: null } as const;

function addressOf(n: number): Address {
  const name = MAILBOXES[Math.floor(n / 2)]!;
  const parsed = parseAddress(`${n % 2 === 0 ? name : `${name[0]}.${name.slice(1)}+x`}@gmail.com`);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.address;
}

export class PureLoop implements Player {
  private readonly people: Person[] = [];
  private readonly ties: Tied[] = [];
  private readonly erased: Known[] = [];
  private clicks: Click[] = [];
  private time = new Date('2026-10-20T12:00:00Z');
  private season = 1;
  private patience: Patience;

  constructor(private readonly setting: Setting) {
    this.patience = setting.patience;
    for (const address of FIRST_READERS) this.confirm(this.signUp(address, { how: 'nothing' }));
  }

  /** Time passes between any two things. */
  private get now(): Date {
    return (this.time = new Date(this.time.getTime() + 1));
  }

  shown(): Shown {
    const indexOf = (person: Person) => this.people.indexOf(person);
    return {
      readers: this.people.map((person) => {
        const counted = this.ties.filter(({ by, season }) => by === person && season !== null);
        const current = counted.filter(({ season }) => season === this.season).length;
        return { status: person.status, current, lifetime: counted.length };
      }),
      referrals: this.ties.map(({ of, by, state, heldFor, history }) => ({
        ...{ of: indexOf(of), by: indexOf(by), state: heldFor ?? state, history },
      })),
    };
  }

  take(step: Step): string | null {
    if ('reader' in step) return this.ofReader(step, this.person(step.reader));
    if ('referral' in step) {
      const tie = this.ties[step.referral % Math.max(1, this.ties.length)];
      if (tie === undefined) return null;
      return step.kind === 'appeal' ? this.appeal(tie) : this.review(step.kind, tie);
    }
    if (step.kind === 'signup') this.signUp(step.address, step.via);
    else if (step.kind === 'click') this.click(step.address, this.person(step.of));
    else if (step.kind === 'wait') this.time = new Date(this.time.getTime() + step.days * DAY_MS + 1_000);
    else if (step.kind === 'season') this.season++;
    else if (step.kind === 'program') this.patience = step.patience;
    else this.tick();
    return null;
  }

  private ofReader(step: Extract<Step, { reader: number }>, person: Person): string | null {
    if (step.kind === 'confirm') return this.confirm(person);
    if (step.kind === 'move') return this.move(person, addressOf(step.address));
    if (step.kind === 'engage') this.engage(person);
    else if (step.kind === 'erase') this.erase(person);
    else this.leave(person, step.kind === 'bounce' ? 'bounced' : 'unsubscribed');
    return null;
  }

  private person(n: number): Person {
    return this.people[n % this.people.length]!;
  }

  private candidate(of: Person, at: Date | null): Candidate {
    const settings = { model: this.setting.model, windowDays: WINDOW_DAYS };
    return { click: at && { id: at.toISOString(), at }, participantId: of.id, settings };
  }

  private click(address: number, of: Person): void {
    this.clicks.push({ ...this.candidate(of, this.now), address, of });
  }

  private signUp(n: number, via: Via): Person {
    const address = addressOf(n);
    const presented: (Candidate & { of: Person })[] = [];
    if (via.how === 'code') presented.push({ ...this.candidate(this.person(via.of), null), of: this.person(via.of) });
    if (via.how === 'clicks') {
      presented.push(...this.clicks.filter((click) => click.address === n));
      this.clicks = this.clicks.filter((click) => click.address !== n);
    }
    let person = this.people.find((known) => known.address?.emailKey === address.emailKey);
    if (person === undefined) {
      person = { id: `${this.people.length}`, address, status: 'pending', confirmedAt: null, confirmations: [], former: [], isOdd: false }; // prettier-ignore
      this.people.push(person);
    }
    if (person.status === 'unsubscribed' || person.status === 'bounced') person.status = 'pending';
    const { confirmedAt } = person;
    const links = presented.filter(({ of }) => of.status !== 'erased' && (of !== person || confirmedAt !== null));
    const winner = attribute(links, this.now).find(({ outcome }) => outcome === 'won');
    if (winner !== undefined) this.tie(person, winner.candidate.of);
    if (person.status === 'pending') person.isOdd = n === ODD;
    return person;
  }

  private tie(of: Person, by: Person): void {
    const wasErased = this.erased.some((one) => one.confirmed && one.address.emailKey === of.address?.emailKey);
    const isKnown = by === of || of.confirmedAt !== null || wasErased;
    const reasons = isKnown ? [alreadyKnown(by === of)] : [];
    const fresh = { by, reasons, createdAt: this.now, confirmedAt: null, engagedAt: null };
    const had = this.ties.find((tie) => tie.of === of);
    const state = isKnown ? 'rejected' : 'pending';
    if (had === undefined) {
      const history = [line(null, state, null, codesOf(reasons), 'reader')];
      this.ties.push({ ...fresh, of, state, heldFor: null, heldUntil: null, isAppealed: false, season: null, history });
    } else if (had.state === 'expired' && !isKnown) {
      Object.assign(had, fresh);
      this.become(had, { state: 'pending' }, 'reader');
    }
  }

  private become(tie: Tied, to: Partial<Tied> & Pick<Tied, 'state'>, actor: string): void {
    const next = { heldFor: null, heldUntil: null, ...to };
    if (!mayBecome(tie, next)) {
      throw new Error(`no step from ${tie.heldFor ?? tie.state} to ${next.heldFor ?? to.state}`);
    }
    const reasons = to.reasons ?? tie.reasons;
    tie.history.push(line(tie.state, to.state, next.heldFor, codesOf(reasons), actor));
    Object.assign(tie, next, { season: to.state === 'verified' ? this.season : null });
  }

  private confirm(person: Person): string | null {
    if (person.status === 'active') return null;
    if (person.status !== 'pending') return 'subscriber/not-confirmable';
    const { now } = this;
    const tie = this.ties.find(({ of }) => of === person);
    if (tie?.state === 'pending') this.judge(tie, now);
    person.status = 'active';
    person.confirmedAt ??= now;
    person.confirmations.push(now);
    return null;
  }

  private judge(tie: Tied, now: Date): void {
    if (expiresAt(tie.createdAt) <= now) {
      this.become(tie, { state: 'expired' }, 'schedule');
      return;
    }
    const { outcome, reasons } = decide(assess(this.signals(tie, now)), 'flexible', { hour: 0, day: 0 });
    if (outcome === 'passed') {
      this.goOn(Object.assign(tie, { confirmedAt: now }), 'reader', now);
      return;
    }
    const to = outcome === 'rejected' ? { state: outcome } : ({ state: 'held', heldFor: 'review' } as const);
    this.become(tie, { ...to, reasons, confirmedAt: now }, 'reader');
  }

  private signals({ of, by }: Tied, now: Date): Signals {
    const friend = of.address!;
    const others = this.people.filter((person) => person !== of);
    const known = [
      ...others.flatMap(({ address, confirmedAt }) => (address && confirmedAt ? [address] : [])),
      ...[...others.flatMap(({ former }) => former), ...this.erased].flatMap((one) => one.confirmed ? [one.address] : []),
    ]; // prettier-ignore
    const browserOf = of.isOdd ? this.people[0]!.id : null;
    const signup = { ...AT_NO_PLACE, at: now.getTime(), isScript: false, fillMs: of.isOdd ? 10 : null, browserOf };
    return {
      ...BLANK,
      signup,
      referrer: { subscriberId: by.id, emailKey: by.address?.emailKey ?? null, abuseKey: by.address?.abuseKey ?? null },
      friend,
      aliasOfEarlier: known.some(({ abuseKey }) => abuseKey === friend.abuseKey),
      referrerAt: { browsers: [], at: null, signupKey: null },
      house: { domain: null, referrerDomain: null, isKnown: false },
    };
  }

  private goOn(tie: Tied, actor: string, now: Date): void {
    const hasLeft = tie.reasons.some(({ code }) => code === LEFT_IN_DELAY.code);
    const waiting = { ...tie, confirmedAt: tie.confirmedAt ?? tie.createdAt };
    const settled = hasLeft ? { state: 'verified' as const } : settle(waiting, this.patience, now);
    if (settled.state === 'verified' || settled.heldFor !== tie.heldFor) this.become(tie, settled, actor);
  }

  private tick(): void {
    const { now } = this;
    for (const tie of this.ties) {
      if (tie.state === 'pending' && expiresAt(tie.createdAt) <= now) {
        this.become(tie, { state: 'expired' }, 'schedule');
      }
      if (tie.heldFor === 'delay' && tie.heldUntil! <= now) this.goOn(tie, 'schedule', now);
      if (tie.heldFor === 'engagement') this.goOn(tie, 'schedule', now);
    }
  }

  private engage(person: Person): void {
    const tie = this.ties.find(({ of }) => of === person);
    if (tie === undefined || person.status === 'erased' || tie.engagedAt !== null) return;
    if (tie.confirmedAt === null && tie.state !== 'held') return;
    tie.engagedAt = this.now;
    if (tie.heldFor === 'engagement') this.goOn(tie, 'reader', tie.engagedAt);
  }

  private leave(person: Person, how: 'unsubscribed' | 'bounced'): void {
    if (person.status !== 'pending' && person.status !== 'active') return;
    person.status = how;
    const tie = this.ties.find(({ of }) => of === person);
    if (tie?.state !== 'held') return;
    this.become(tie, { state: 'rejected', reasons: withReason(tie.reasons, LEFT_IN_DELAY) }, 'reader');
  }

  private erase(person: Person): void {
    if (person.address === null) return;
    this.leave(person, 'unsubscribed');
    const tie = this.ties.find(({ of }) => of === person);
    if (tie?.state === 'pending') this.become(tie, { state: 'expired' }, 'reader');
    if (tie?.state === 'held') {
      this.become(tie, { state: 'rejected', reasons: withReason(tie.reasons, LEFT_IN_DELAY) }, 'reader');
    }
    this.erased.push({ address: person.address, confirmed: person.confirmedAt !== null }, ...person.former);
    Object.assign(person, { address: null, status: 'erased', former: [] });
  }

  private move(person: Person, address: Address): string | null {
    if (person.address === null) return 'subscriber/erased';
    if (person.address.emailKey === address.emailKey) return null;
    if (this.people.some((other) => other.address?.emailKey === address.emailKey)) return 'subscriber/email-taken';
    person.former.push({ address: person.address, confirmed: person.confirmedAt !== null });
    person.address = address;
    return null;
  }

  private review(decision: 'approve' | 'reject', tie: Tied): null {
    const { state, heldFor } = tie;
    const step = reviewStep(decision, { state, heldFor, isFriendConfirmed: tie.of.confirmedAt !== null });
    if (step.do === 'end_review') this.goOn(tie, 'operator', this.now);
    else if (step.do === 'verify') this.become(tie, { state: 'verified' }, 'operator');
    else if (step.do === 'reject') {
      this.become(tie, { state: 'rejected', reasons: withReason(tie.reasons, REJECTED_BY_REVIEWER) }, 'operator');
    } else if (step.do === 'reverse') {
      this.become(tie, { state: 'reversed', reasons: withReason(tie.reasons, FRAUD_FOUND) }, 'operator');
    }
    return null;
  }

  private appeal(tie: Tied): string | null {
    const until = new Date(tie.createdAt.getTime() + LINK_LIVES_DAYS * DAY_MS);
    const isPressed = tie.of.confirmations.some((at) => at >= tie.createdAt && at <= until);
    if (tie.by.status === 'erased' || (tie.state === 'rejected' && tie.confirmedAt === null && !isPressed)) return null;
    if (tie.isAppealed) return 'before';
    if (!mayAppeal({ ...tie, isFriendErased: tie.of.status === 'erased' })) return 'closed';
    tie.isAppealed = true;
    this.become(tie, { state: 'held', heldFor: 'review' }, 'reader');
    return 'asked';
  }
}

function codesOf(reasons: readonly Reason[]): string[] {
  return reasons.map(({ code }) => code);
}
