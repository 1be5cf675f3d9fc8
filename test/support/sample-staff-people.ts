import type { MailState } from '../../src/mail/stopped-mail.store.js';
import { stateView } from '../../src/http/staff/referral-words.js';
import type { StaffViews } from '../../src/http/staff/staff-views.js';
import { SHARE_URL, words } from '../../src/mail/samples/sample-words.js';
import { STORY_KINDS } from '../../src/reports/story.store.js';

type Locale = 'en' | 'ja';
type Samples<Page extends keyof StaffViews> = { [Name in Page]: Record<string, StaffViews[Name]> };

const NOW = new Date('2026-11-21T09:00:00Z');
const id = (n: number): string => `0193515c-7a2e-7000-8000-${String(n).padStart(12, '0')}`;

/** Readers, one of them, and their mails. */
export function samplePeople(locale: Locale): Samples<'people' | 'person' | 'outbox'> {
  const w = words[locale];
  const next = { name: w.guide, remaining: 1 };
  const active = { status: 'active', look: 'good' as const };
  const row = { id: id(1), email: 'ana.ruiz@mail.example', firstName: w.ana, state: active, shareCode: 'k7m2xqd', count: 4, next, createdAt: NOW };
  const people = { typed: { q: 'ana', status: 'active' }, statuses: ['active', 'erased'], people: [row, { ...row, id: id(2), email: null, firstName: null, state: { status: 'erased', look: 'back' as const }, shareCode: null, next: null }], older: '?after=x' };
  const nothing = { kind: 'mails' as const, at: NOW, what: '', state: null, email: null, amount: null, look: '' as const, standing: stateView('', null), again: false, mail: null };
  const story = [
    { ...nothing, id: id(3), what: 'welcome', state: 'sent', again: true, mail: 'mailName.welcome' },
    { ...nothing, id: id(4), what: 'of-another-version', state: 'dead', look: 'bad' as const },
    { ...nothing, id: id(5), kind: 'referrals' as const, email: 'kim@mail.example', standing: stateView('verified', null), look: 'good' as const },
    { ...nothing, id: id(6), kind: 'referred' as const, standing: stateView('held', 'review'), look: 'warn' as const },
    { ...nothing, id: id(7), kind: 'grants' as const, what: w.guide, state: 'sent', look: 'good' as const },
    { ...nothing, id: id(8), kind: 'consents' as const, what: 'confirmed', state: 'join_page' },
    { ...nothing, id: id(9), kind: 'adjustments' as const, what: w.oven, state: 'staff', amount: -2 },
  ];
  const money = { amount: 3_000, currency: 'EUR' };
  const entry = { id: id(1), reward: w.off, act: 'given', unit: 'money' as const, quantity: 3_000, money, at: NOW };
  const person = {
    id: id(1),
    email: 'ana.ruiz@mail.example',
    firstName: w.ana,
    state: active,
    createdAt: NOW,
    confirmedAt: NOW,
    heardFrom: w.rye,
    referredBy: { id: id(6), standing: stateView('verified', null) },
    participations: [{ program: 'default', shareUrl: SHARE_URL, count: 4, lifetime: 9, next }, { program: 'partners', shareUrl: null, count: 0, lifetime: 0, next: null }],
    kind: '' as const,
    kinds: STORY_KINDS,
    story,
    older: '?before=x',
    clicks: [{ title: w.rye, channel: 'line', clicks: 14, visitors: 9 }, { title: null, channel: 'link', clicks: 1, visitors: 1 }],
    ledger: [entry, { ...entry, id: id(2), act: 'taken_back', unit: 'month' as const, quantity: -1, money: null }],
    balances: [{ kind: 'credit', unit: 'money' as const, quantity: 3_000, money }, { kind: 'entry', unit: 'piece' as const, quantity: 4, money: null }],
    may: { adjust: true, write: true, erase: true },
    adjustable: ['default'],
    typed: { delta: 'x', reason: '', program: 'default', email: '', erase: 'ana' },
    problems: { delta: 'problem.delta.invalid', reason: 'problem.reason.invalid', email: 'problem.email.taken', erase: 'problem.erase.other' },
  };
  const fine = { delta: null, reason: null, email: null, erase: null };
  const states = ['waiting', 'uncertain', 'dead', 'sent', 'suppressed'] as const;
  const outbox = (state: MailState, more: object = {}) => {
    const mail = { id: id(1), subscriberId: id(2), email: 'ana.ruiz@mail.example', message: 'welcome', named: 'mailName.welcome', state, attempts: 2, dueAt: NOW, createdAt: NOW, sentAt: null, lastError: '451 try again later', ...more };
    return {
      state,
      tabs: states.map((one) => ({ state: one, count: one === 'sent' ? null : 3, current: one === state })),
      stopped: 3,
      mails: [mail, { ...mail, id: id(3), subscriberId: null, message: 'new-one', named: null, lastError: null }, { ...mail, id: id(4), email: null }],
      mayAct: true,
      older: '?after=x',
    };
  };
  return {
    people: { some: people, none: { ...people, typed: { q: '', status: '' }, people: [], older: null } },
    person: {
      whole: person,
      bare: { ...person, email: null, firstName: null, state: { status: 'erased', look: 'back' }, confirmedAt: null, heardFrom: null, referredBy: null, participations: [], kind: 'grants', story: [], older: null, clicks: [], ledger: [], balances: [], may: { adjust: false, write: false, erase: false }, adjustable: [], problems: fine },
    },
    outbox: {
      dead: outbox('dead'),
      uncertain: outbox('uncertain'),
      sent: outbox('sent', { sentAt: NOW }),
      waiting: { ...outbox('waiting'), mayAct: false },
      none: { ...outbox('suppressed'), stopped: 0, mails: [], older: null },
    },
  };
} // prettier-ignore
