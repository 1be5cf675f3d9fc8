import { Injectable } from '@nestjs/common';
import { DomainError } from '../../domain/errors.js';
import type { Unit } from '../../domain/rewards.js';
import { ReadLedger } from '../../flows/read-ledger.js';
import { ReadSubscribers } from '../../flows/read-subscribers.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database.js';
import { getPublication } from '../../publications/publication.store.js';
import type { Publication } from '../../publications/publication.entities.js';
import { findReferralOf } from '../../referrals/shown-referral.store.js';
import { clicksOf, STORY_KINDS, type StoryKind, storyOf, type StoryRow } from '../../reports/story.store.js';
import { findSubscriber } from '../../subscribers/subscriber.store.js';
import { type DeskVisit, mayAt } from './guard.js';
import type { PersonView, ReaderState } from './people-views.js';
import { mailName } from './mail-words.js';
import { stateView } from './referral-words.js';

const PER_PAGE = 40;
const CLICK_DAYS = 30;
const DAY_MS = 86_400_000;
const LEDGER_SHOWN = 50;

const LOOKS: Partial<Record<string, ReaderState['look']>> = {
  active: 'good',
  pending: 'warn',
  bounced: 'bad',
  unsubscribed: 'back',
  erased: 'back',
};

export function readerState(status: string): ReaderState {
  return { status, look: LOOKS[status] ?? '' };
}

interface Shown {
  kind: StoryKind | null;
  before: Date | null;
}

const UNTYPED: PersonView['typed'] = { delta: '', reason: '', program: 'default', email: '', erase: '' };
const FINE: PersonView['problems'] = { delta: null, reason: null, email: null, erase: null };

/** The page of one reader, for who shows it and for who shows it again with a mistake. */
@Injectable()
export class PersonPage {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly readSubscribers: ReadSubscribers,
    private readonly readLedger: ReadLedger,
  ) {}

  /** Throws `request/not-found`. */
  async view(
    desk: DeskVisit,
    id: string,
    { kind, before }: Shown = { kind: null, before: null },
    mistake: { typed?: Partial<PersonView['typed']>; problems?: Partial<PersonView['problems']> } = {},
  ): Promise<PersonView> {
    const tx = this.database.reader;
    const publication = await getPublication(tx, desk.workplace.id);
    const subscriber = await findSubscriber(tx, publication.id, id);
    if (subscriber === null) throw new DomainError('request/not-found', 'There is no such reader');
    const [read] = await this.readSubscribers.run(publication, [subscriber]);
    const participations = read!.participations;
    const now = this.clock.now();
    const page = { kind, before: before ?? new Date(now.getTime() + DAY_MS), limit: PER_PAGE };
    const { story, next } = await storyOf(tx, publication.id, id, page);
    const own = await findReferralOf(tx, publication.id, id);
    const may = {
      adjust: mayAt(desk, 'subscribers:adjust') && subscriber.status !== 'erased',
      write: mayAt(desk, 'subscribers:write') && subscriber.status !== 'erased',
      erase: mayAt(desk, 'subscribers:erase') && subscriber.status !== 'erased',
    };
    return {
      id,
      email: subscriber.email,
      firstName: subscriber.firstName,
      state: readerState(subscriber.status),
      createdAt: subscriber.createdAt,
      confirmedAt: subscriber.confirmedAt,
      heardFrom: subscriber.heardFrom,
      referredBy: own && { id: own.id, standing: stateView(own.state, own.heldFor) },
      participations: participations.map((one) => ({
        program: one.program,
        shareUrl: one.shareUrl,
        count: one.referralCount,
        lifetime: one.lifetimeReferralCount,
        next: one.nextMilestone && { name: one.nextMilestone.name, remaining: one.nextMilestone.remaining },
      })),
      kind: kind ?? '',
      kinds: STORY_KINDS,
      story: story.map((row) => happened(row, may.write)),
      older: next && `?${new URLSearchParams({ kind: kind ?? '', before: next.toISOString() }).toString()}`,
      clicks: await clicksOf(tx, publication.id, id, new Date(now.getTime() - CLICK_DAYS * DAY_MS)),
      ...(await this.ledger(publication, id)),
      may,
      adjustable: participations.filter(({ shareCode }) => shareCode !== null).map(({ program }) => program),
      typed: { ...UNTYPED, ...mistake.typed },
      problems: { ...FINE, ...mistake.problems },
    };
  }

  private async ledger(publication: Publication, id: string): Promise<Pick<PersonView, 'ledger' | 'balances'>> {
    const { entries, balances } = await this.readLedger.run(publication, id);
    return {
      ledger: entries
        .slice(-LEDGER_SHOWN)
        .reverse()
        .map(({ id, rewardName, act, unit, quantity, currency, at }) => ({
          ...{ id, reward: rewardName, act, at },
          ...amountView(unit, Number(quantity), currency),
        })),
      balances: balances.map(({ kind, unit, quantity, currency }) => ({
        kind,
        ...amountView(unit, quantity, currency),
      })),
    };
  }
}

function amountView(unit: Unit, quantity: number, currency: string | null) {
  return { unit, quantity, money: currency === null ? null : { amount: quantity, currency } };
}

const MAIL_LOOKS: Partial<Record<string, ReaderState['look']>> = { dead: 'bad', uncertain: 'warn' };

function happened(row: StoryRow, mayWrite: boolean): PersonView['story'][number] {
  const { kind, state, heldFor } = row;
  const standing = stateView(state ?? '', heldFor);
  const look = kind === 'grants' ? 'good' : kind === 'mails' ? (MAIL_LOOKS[state ?? ''] ?? '') : standing.look;
  return {
    ...row,
    standing,
    look,
    again: mayWrite && kind === 'mails' && state === 'sent',
    mail: kind === 'mails' ? mailName(row.what) : null,
  };
}
