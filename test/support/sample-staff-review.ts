import { reasonViews, stateView } from '../../src/http/staff/referral-words.js';
import type { StaffViews } from '../../src/http/staff/staff-views.js';
import { words } from '../../src/mail/samples/sample-words.js';

type Locale = 'en' | 'ja';
type Samples<Page extends keyof StaffViews> = { [Name in Page]: Record<string, StaffViews[Name]> };

const NOW = new Date('2026-11-21T09:00:00Z');
const id = (n: number): string => `0193515c-7a2e-7000-8000-${String(n).padStart(12, '0')}`;
const friend = { id: id(1), email: 'bea.k@fastmail.example' };
const referrer = { id: id(2), email: 'ana.ruiz@mail.example' };
const erased = { id: id(3), email: null };

/** The queue of a reviewer, and one referral. */
export function sampleReview(locale: Locale): Samples<'review' | 'referral' | 'fraud' | 'fraud-lists'> {
  const w = words[locale];
  const held = stateView('held', 'review');
  const reasons = reasonViews([
    { code: 'same_network', weight: 1, evidence: 'network of the referrer within a day' },
    { code: 'machine_signs', weight: 1, evidence: 'confirmed by a script, confirmed within seconds of the mail' },
    { code: 'from_another_version', weight: 1, evidence: 'something new' },
  ]);
  const one = { id: id(4), friend, referrer, since: NOW, standing: held, heldUntil: null, reasons, appeal: null };
  const tabs = (current: string) =>
    ['waiting', 'appealed', 'clock', 'decided'].map((tab, n) => ({
      tab,
      count: tab === 'decided' ? null : 7 - n,
      current: tab === current,
    }));
  const review = {
    queue: 'waiting' as const,
    tabs: tabs('waiting'),
    waiting: 7,
    appealed: 2,
    oldest: NOW,
    referrals: [
      one,
      { ...one, id: id(5), friend: erased, appeal: w.rye },
      { ...one, id: id(6), referrer: erased, appeal: '', reasons: reasonViews([{ code: 'over_cap', weight: 0, evidence: '10 friends in an hour' }]) },
      { ...one, id: id(7), standing: stateView('held', 'delay'), heldUntil: NOW, reasons: [] },
    ],
    decisions: [],
    upTo: id(9),
    mayDecide: true,
    more: '?queue=waiting&after=x',
  };
  const nothing = { ...review, waiting: 0, appealed: 0, oldest: null, referrals: [], upTo: null, more: null };
  const decision = { id: id(8), referralId: id(4), at: NOW, friend: friend.email, referrer, standing: stateView('verified', null) };
  const referral = {
    id: id(4),
    friend: { ...friend, status: 'active' },
    referrer,
    program: 'default',
    content: w.rye,
    channel: 'line',
    standing: held,
    heldUntil: null,
    createdAt: NOW,
    confirmedAt: NOW,
    reasons,
    judged: { level: 'strong' as const, weight: 3, heldFrom: 2, afterMinutes: 5 },
    engagedAt: NOW,
    record: { verified: 4, rejected: 1, reversed: 0 },
    appeal: { at: NOW, words: w.oven, decidedAt: NOW, decision: 'reject' },
    attribution: [
      { outcome: 'won' as const, at: NOW, referrer, program: 'default', content: 'rye', channel: 'line', model: 'first', windowDays: 30 },
      { outcome: 'code_only' as const, at: null, referrer: erased, program: 'default', content: null, channel: 'link', model: 'first', windowDays: 30 },
    ],
    similar: [
      { id: id(5), friend: 'zk1@mailbox.example', referrer: null, createdAt: NOW, standing: stateView('rejected', null), common: ['referrer', 'network'] as const },
      { id: id(6), friend: null, referrer: referrer.email, createdAt: NOW, standing: held, common: ['stem'] as const },
    ].map((similar) => ({ ...similar, common: [...similar.common] })),
    history: [
      { at: NOW, standing: stateView('pending', null), by: { kind: 'reader', name: 'reader' } },
      { at: NOW, standing: held, by: { kind: 'account', name: w.jo } },
    ],
    stake: { count: 4, reward: w.guide, remaining: 1 },
    mayDecide: true,
    mayApprove: true,
    mayReject: true,
    next: id(5),
  };
  const level = { isCurrent: false, isChosen: false, heldFrom: 3, referrals: 908, wouldHold: 0, wouldLetThrough: 14, rejected: 27 };
  const fraud = {
    program: { slug: 'default', name: 'default' },
    programs: [{ slug: 'default', name: 'default', current: true }, { slug: 'partners', name: w.rye, current: false }],
    current: 'strong' as const,
    chosen: 'very_strong' as const,
    since: NOW,
    levels: [
      { ...level, level: 'flexible' as const },
      { ...level, level: 'strong' as const, isCurrent: true, heldFrom: 2, wouldLetThrough: 0 },
      { ...level, level: 'very_strong' as const, isChosen: true, heldFrom: 1, wouldHold: 41, wouldLetThrough: 0 },
    ],
    wouldHold: [{ referralId: id(4), at: NOW, reasons }],
    wouldLetThrough: [{ referralId: id(5), at: NOW, reasons: [] }],
    mayChange: true,
    mayList: true,
  };
  const entry = { id: id(1), list: 'block' as const, kind: 'domain' as const, value: 'tempbox.example', note: w.oven, createdAt: NOW };
  const lists = {
    list: '' as const,
    entries: [entry, { ...entry, id: id(2), list: 'allow' as const, kind: 'address' as const, value: null, note: null }],
    typed: { list: 'allow' as const, kind: 'network' as const, value: '1/2', note: '' },
    problems: { value: 'problem.list.network' },
    older: '?list=&after=x',
  };
  return {
    fraud: {
      more: fraud,
      less: { ...fraud, programs: [], wouldHold: [], wouldLetThrough: [], mayChange: false, mayList: false },
    },
    'fraud-lists': { some: lists, none: { ...lists, list: 'block', entries: [], problems: { value: null }, older: null } },
    review: {
      waiting: review,
      nothing,
      decided: { ...nothing, queue: 'decided', tabs: tabs('decided'), decisions: [decision], mayDecide: false, more: '?after=x' },
    },
    referral: {
      held: referral,
      bare: {
        ...referral,
        friend: { ...erased, status: 'erased' },
        standing: stateView('verified', null),
        heldUntil: NOW,
        reasons: [],
        content: null,
        confirmedAt: null,
        judged: null,
        engagedAt: null,
        appeal: null,
        attribution: [],
        similar: [],
        stake: null,
        mayDecide: false,
        mayApprove: false,
        mayReject: false,
        next: null,
      },
    },
  };
} // prettier-ignore
