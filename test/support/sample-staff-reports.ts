import { columnChart } from '../../src/http/staff/charts/columns.js';
import { funnelTable, totalOf } from '../../src/http/staff/funnel-table.js';
import type { StaffViews } from '../../src/http/staff/staff-views.js';
import { words } from '../../src/mail/samples/sample-words.js';
import type { FunnelCounts } from '../../src/reports/funnel.store.js';

type Page = 'funnel' | 'growth' | 'economics' | 'contents' | 'snippets';

const days = {
  typed: { from: '2026-08-24', to: '2026-11-21' },
  problems: { from: null, to: null },
  spans: [{ days: 90, from: '2026-08-24', to: '2026-11-21', current: true }],
};

export function sampleReports(locale: 'en' | 'ja'): { [P in Page]: Record<string, StaffViews[P]> } {
  const w = words[locale];
  const money = { amount: 63_600, currency: 'EUR' };
  const counts = (content: string | null, channel: string, verified: number): FunnelCounts => ({
    keys: [content, channel],
    ...{ shares: 3, clicks: verified * 9, visitors: verified * 8, signups: verified * 2, verified },
    ...{
      qualified: Math.floor(verified / 3),
      purchased: Math.floor(verified / 9),
      revenue: verified > 9 ? [money] : [],
    },
  });
  const found = [
    counts('rye', 'email', 30),
    counts('rye', 'line', 9),
    counts('oats', 'x', 2),
    counts(null, 'footer', 12),
    ...Array.from({ length: 9 }, (_, n) => counts(`issue-${n}`, 'copy', 1)),
  ];
  const titles = new Map([['rye', w.name], ['oats', w.contest], ...found.map(({ keys: [slug] }) => [slug ?? '', w.apron] as const)]); // prettier-ignore
  const say = (_: string, key: string) => key;
  const table = funnelTable(found, titles, say, (content, channel) => `/admin/p/weekly-loaf/leads?content=${content}&channel=${channel}`); // prettier-ignore
  const columns = Array.from({ length: 12 }, (_, n) => ({ label: `26/${n + 1}`, loud: n, rest: 30 - n }));
  const month = { month: '2026-11', newSubscribers: 30, newReferred: 11, referredShare: 0.37, participationRate: 0.09 };
  const channel = { channel: 'line', clicks: 90, signups: 20, verified: 9, qualified: 3, purchased: 1 };
  const costs = { rewardCost: [money], rewardCostPerVerified: [money], liabilities: [money] };
  const told = { arr: '4900', lifetimeYears: '2.5', yearlyCost: '120000', customersWon: '80', currency: 'EUR' };
  const nothing = { arr: '', lifetimeYears: '', yearlyCost: '', customersWon: '', currency: '' };
  const fine = { arr: null, lifetimeYears: null, yearlyCost: null, customersWon: null, currency: null };
  const wrong = Object.fromEntries(Object.keys(fine).map((field) => [field, `problem.economics.${field}`]));
  const row = { cost: money, customers: 21, cac: money, ratio: 5.1, healthy: true };
  const content = { slug: 'rye', title: w.name, current: true };
  const figures = { clicks: 90, signups: 20, verified: 9 };
  const put = { slug: 'rye', title: w.name, url: 'https://loaf.example/rye', kind: 'issue', description: '' };
  const listed = { ...put, kind: 'issue' as const, ...figures };
  const putFine = { slug: null, title: null, url: null, kind: null, description: null };
  const putWrong = Object.fromEntries(Object.keys(putFine).map((field) => [field, `problem.content.${field}`]));
  const html = '<p><a href="https://share.loaf.example/join/weekly-loaf">x</a></p>';
  const snippets = {
    ...{ content, contents: [content], locale, letter: html, site: html, script: html },
    platforms: [{ key: 'kit', name: 'Kit', current: true }],
    platform: { key: 'kit', name: 'Kit', field: 'Share code', takesCode: true },
    joinUrl: 'https://share.loaf.example/join/weekly-loaf',
    picture: '/card/weekly-loaf.png',
  };
  return {
    contents: {
      full: {
        contents: [
          { ...listed, publishedAt: new Date('2026-11-20T09:00:00Z') },
          { ...listed, kind: 'page', publishedAt: null },
        ],
        ...{ days: 90, typed: put, problems: putWrong as unknown as typeof putFine, mayWrite: true, older: '?after=x' },
      },
      empty: { contents: [], days: 90, typed: put, problems: putFine, mayWrite: false, older: null },
    },
    snippets: {
      code: snippets,
      html: { ...snippets, content: null, platform: { key: 'html', name: 'HTML', field: null, takesCode: true } },
      none: { ...snippets, content: null, platform: { key: 'ghost', name: 'Ghost', field: null, takesCode: false } },
    },
    funnel: {
      full: { days, total: totalOf(found), ...table, csv: '?from=2026-08-24&to=2026-11-21' },
      empty: {
        days: { ...days, problems: { from: 'problem.day.invalid', to: null } },
        total: totalOf([]),
        ...funnelTable([], new Map(), say, null),
        csv: '',
      },
    },
    growth: {
      full: {
        ...{ days, ofTen: 6, ...costs },
        charts: { wide: columnChart(columns, 900, 260), narrow: columnChart(columns, 330, 220) },
        months: [
          { ...month, kFactor: 0.31 },
          { ...month, newSubscribers: 0, referredShare: null, participationRate: null, kFactor: null },
        ],
        channels: [{ ...channel, rates: { clickToSignup: 0.22, signupToVerified: null } }],
        cohorts: [
          {
            month: '2026-10',
            referred: true,
            readers: 11,
            stayed: [
              { share: 1, heat: 1 },
              { share: 0.8, heat: 4 },
            ],
          },
          { month: '2026-10', referred: false, readers: 20, stayed: [{ share: 1, heat: 1 }] },
        ],
        cohortMonths: [0, 1],
      },
      empty: {
        ...{ days, ofTen: null, charts: null, months: [], channels: [], cohorts: [], cohortMonths: [] },
        ...{ rewardCost: [], rewardCostPerVerified: [], liabilities: [] },
      },
    },
    economics: {
      asked: { typed: nothing, problems: fine, found: null },
      refused: { typed: told, problems: wrong as unknown as typeof fine, found: null },
      found: {
        typed: told,
        problems: fine,
        found: {
          ltv: money,
          rows: [
            { key: 'told', ...row },
            { key: 'referrals', ...row, ratio: 2, healthy: false },
            { key: 'forecast', cost: money, customers: null, cac: null, ratio: null, healthy: null },
          ],
        },
      },
    },
  };
}
