import { emptyReward, FINE as FINE_REWARD, asksOf, worthsOf } from '../../src/http/staff/reward-form.js';
import { FINE, USUAL_FIELDS } from '../../src/http/staff/milestone-form.js';
import type { MilestoneImpactView, RungView } from '../../src/http/staff/milestone-views.js';
import type { StaffViews } from '../../src/http/staff/staff-views.js';
import { REWARD_KINDS, type RewardKind } from '../../src/domain/rewards.js';
import { words } from '../../src/mail/samples/sample-words.js';

const NOW = new Date('2026-11-21T09:00:00Z');
const ID = '0193515c-7a2e-7000-8000-000000000001';
const KINDS = Object.keys(REWARD_KINDS) as RewardKind[];
type Page = 'milestones' | 'milestone' | 'milestone-impact' | 'presets' | 'rewards' | 'reward-kinds' | 'reward';

export function sampleMilestones(locale: 'en' | 'ja'): { [P in Page]: Record<string, StaffViews[P]> } {
  const w = words[locale];
  const program = { slug: 'default', name: w.name };
  const programs = [
    { ...program, current: true },
    { slug: 'partners', name: w.contest, current: false },
  ];
  const rung: RungView = {
    id: ID,
    version: 2,
    name: w.apron,
    stage: 'verified',
    threshold: 3,
    every: null,
    recipient: 'referrer',
    reward: { id: ID, name: w.apron, description: w.apron, kind: 'coupon', free: 12 },
    approval: 'automated',
    holdDays: 0,
    cap: null,
    conditions: [],
    pastRun: { state: 'running', granted: 12, capped: 0 },
  };
  const dear: RungView = {
    ...rung,
    id: ID.replace(/1$/, '2'),
    stage: 'trial',
    threshold: 10,
    every: 5,
    approval: 'manual',
    holdDays: 14,
    reward: { ...rung.reward, kind: 'physical', free: null },
    cap: { count: 12, per: 'year' },
    conditions: [{ attribute: 'plan', asks: 'in', value: 'pro, team' }],
    pastRun: null,
  };
  const neighbour = ({ id, version, threshold }: RungView) => ({ id, version, threshold });
  const ladder = [
    { ...rung, moves: [{ way: 'down' as const, ...neighbour(dear) }] },
    { ...dear, moves: [{ way: 'up' as const, ...neighbour(rung) }] },
  ];
  const form = {
    program,
    version: 2,
    from: null,
    typed: { ...USUAL_FIELDS, name: w.apron, rewardId: ID },
    conditions: [{ attribute: '', asks: 'is' as const, value: '' }],
    problems: FINE,
    stages: ['verified', 'trial', 'qualified', 'purchased', 'reviewed'],
    rewards: [{ id: ID, name: w.apron, kind: 'physical' as const }],
    versions: [2, 1].map((version) => ({
      version,
      at: NOW,
      who: w.jo,
      threshold: 3,
      every: version === 1 ? 3 : null,
      stage: 'verified',
      reward: w.apron,
      past: version === 1 ? ('grant' as const) : ('ignore' as const),
      current: version === 2,
    })),
    mayChange: true,
  };
  const wrong = Object.fromEntries(Object.keys(FINE).map((field) => [field, `problem.milestone.${field}`]));
  const wrongReward = Object.fromEntries(Object.keys(FINE_REWARD).map((field) => [field, `problem.reward.${field}`]));
  const money = (amount: number) => [{ amount, currency: 'EUR' }];
  const impact: MilestoneImpactView = {
    program,
    action: `/admin/p/weekly-loaf/milestones/${ID}`,
    fields: [{ name: 'threshold', value: '3' }],
    isNew: false,
    before: dear,
    after: rung,
    people: 214,
    grants: 220,
    capped: 3,
    cost: money(83_000),
    short: 74,
    sample: [
      { id: ID, email: 'mika@mail.example', firstName: w.jo, count: 4 },
      { id: ID, email: null, firstName: null, count: null },
    ],
    forecast: { days: 90, before: { low: [], high: [] }, after: { low: money(1_200), high: money(44_100) } },
  };
  const reward = {
    id: null,
    problems: FINE_REWARD,
    stock: null,
    codes: { typed: '', problem: null, detail: '' },
    mayChange: true,
  };
  const row = {
    id: ID,
    name: w.apron,
    value: money(388)[0]!,
    percent: null,
    granted: 1204,
    usedBy: [w.apron, w.contest],
  };
  return {
    milestones: {
      full: {
        program,
        programs,
        ladder,
        friends: [{ ...rung, id: ID.replace(/1$/, '3'), recipient: 'referred' }],
        mayChange: true,
      },
      readOnly: { program, programs: [], ladder, friends: [], mayChange: false },
      empty: { program, programs: [], ladder: [], friends: [], mayChange: true },
    },
    milestone: {
      fresh: { ...form, id: null, versions: [] },
      known: { ...form, id: ID, from: 1, conditions: dear.conditions },
      refused: { ...form, id: ID, problems: wrong as typeof FINE },
      noRewards: { ...form, id: null, rewards: [], versions: [] },
    },
    'milestone-impact': {
      change: impact,
      fresh: {
        ...impact,
        isNew: true,
        before: null,
        people: 0,
        grants: 0,
        sample: [],
        cost: [],
        short: 0,
        forecast: null,
      },
    },
    presets: {
      free: {
        program,
        programs,
        isTaken: false,
        presets: [
          {
            name: 'trello',
            rungs: [{ threshold: 1, every: 1, reward: w.apron, stage: 'verified', recipient: 'referrer' }],
            prizes: [],
          },
          {
            name: 'raffle',
            rungs: [{ threshold: 1, every: null, reward: w.apron, stage: 'trial', recipient: 'referred' }],
            prizes: [w.apron],
          },
        ],
        mayApply: true,
      },
      taken: { program, programs: [], isTaken: true, presets: [], mayApply: false },
    },
    rewards: {
      some: {
        rewards: [
          { ...row, kind: 'coupon', stock: { free: 3, total: 500, isLow: true } },
          { ...row, kind: 'discount', value: null, percent: 100, stock: null, usedBy: [] },
          { ...row, kind: 'entry', value: null, stock: null },
        ],
        mayChange: true,
      },
      none: { rewards: [], mayChange: true },
    },
    'reward-kinds': { all: { kinds: KINDS } },
    reward: {
      ...Object.fromEntries(
        KINDS.map((kind) => [
          kind,
          { ...reward, kind, typed: emptyReward(kind), asks: asksOf(kind, true), worths: worthsOf(kind) },
        ]),
      ),
      refused: {
        ...reward,
        id: ID,
        kind: 'gift_card',
        typed: { ...emptyReward('gift_card'), name: w.apron },
        problems: wrongReward as typeof FINE_REWARD,
        asks: asksOf('gift_card', false),
        worths: worthsOf('gift_card'),
        stock: { free: 3, total: 10, values: [{ value: money(2_500)[0]!, free: 3, total: 10 }] },
        codes: { typed: 'Code\n', problem: 'problem.reward.codes', detail: 'rows[0].Code is empty' },
      },
    },
  };
}
