import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { csvLine } from '../../domain/csv.js';
import { isCurrency, moneyTyped } from '../../domain/money.js';
import { monthsUpTo, ReadSummary } from '../../flows/read-summary.js';
import { ReadEconomics } from '../../flows/read-economics.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database.js';
import { Words } from '../../platform/words.js';
import { contentsBySlug } from '../../publications/content.store.js';
import { getPublication } from '../../publications/publication.store.js';
import { type Cohort, cohortsOf } from '../../reports/cohort.store.js';
import { funnelCounts } from '../../reports/funnel.store.js';
import { funnelCells } from '../api/funnel-answer.js';
import { StaffCan } from '../policy.js';
import { columnChart } from './charts/columns.js';
import { Typed } from './form.js';
import { funnelTable, totalOf } from './funnel-table.js';
import { Desk, type DeskVisit, mayAt } from './guard.js';
import { DaysQuery, readDays } from './report-days.js';
import type { EconomicsView, FunnelView, GrowthView } from './report-views.js';
import { StaffPages } from './staff-pages.js';

type Days = z.infer<typeof DaysQuery>;
const BY = ['content', 'channel'] as const;
const EconomicsForm = z.object({
  arr: Typed,
  lifetimeYears: Typed,
  yearlyCost: Typed,
  customersWon: Typed,
  currency: Typed,
});
const FINE: EconomicsView['problems'] = {
  arr: null,
  lifetimeYears: null,
  yearlyCost: null,
  customersWon: null,
  currency: null,
};

/** Which content brought whom, how the publication grows, and what it is worth. */
@ApiExcludeController()
@Controller('admin/p/:publication')
export class ReportsPageController {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly words: Words,
    private readonly readSummary: ReadSummary,
    private readonly readEconomics: ReadEconomics,
    private readonly staffPages: StaffPages,
  ) {}

  @Get('funnel')
  @StaffCan('reports:read')
  async funnel(
    @Desk() desk: DeskVisit,
    @Query({ schema: DaysQuery }) query: Days,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const { id, slug } = desk.workplace;
    const tx = this.database.reader;
    const { timezone } = await getPublication(tx, id);
    const { days, view } = readDays(query, timezone, this.clock.now());
    const found = await funnelCounts(tx, id, BY, days);
    const slugs = [...new Set(found.flatMap(({ keys: [content] }) => content ?? []))];
    const titles = new Map((await contentsBySlug(tx, id, slugs)).map((content) => [content.slug, content.title]));
    const { locale } = desk.account;
    const wordOf = (kind: 'key' | 'channel', key: string) =>
      String(this.words.say(locale, `${kind === 'key' ? 'funnel.key' : 'via'}.${key}`, {}));
    const leadsOf = (content: string, channel: string) =>
      `/admin/p/${slug}/leads?${new URLSearchParams({ content, channel, ...view.typed }).toString()}`;
    const shown: FunnelView = {
      days: view,
      total: totalOf(found),
      ...funnelTable(found, titles, wordOf, mayAt(desk, 'leads:read') ? leadsOf : null),
      csv: `?${new URLSearchParams(view.typed).toString()}`,
    };
    return this.staffPages.send(request, reply, 'funnel', shown);
  }

  @Get('funnel.csv')
  @StaffCan('reports:read')
  async funnelFile(
    @Desk() { workplace }: DeskVisit,
    @Query({ schema: DaysQuery }) query: Days,
    @Res() reply: FastifyReply,
  ) {
    const { timezone } = await getPublication(this.database.reader, workplace.id);
    const { days } = readDays(query, timezone, this.clock.now());
    const found = await funnelCounts(this.database.reader, workplace.id, BY, days);
    return reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="funnel.csv"')
      .send(funnelCells(BY, found).map(csvLine).join(''));
  }

  @Get('growth')
  @StaffCan('reports:read')
  async growth(
    @Desk() { workplace }: DeskVisit,
    @Query({ schema: DaysQuery }) query: Days,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const publication = await getPublication(this.database.reader, workplace.id);
    const now = this.clock.now();
    const { days, period, view } = readDays(query, publication.timezone, now);
    const found = await this.readSummary.run(publication, days, period);
    const months = monthsUpTo(now, publication.timezone);
    const cohorts = await cohortsOf(this.database.reader, workplace.id, months, now);
    const columns = found.trend.map(({ month, newSubscribers, newReferred }) => ({
      label: month.slice(2).replace('-', '/'),
      loud: newReferred,
      rest: newSubscribers - newReferred,
    }));
    const hasGrowth = found.trend.some(({ newSubscribers }) => newSubscribers > 0);
    const shown: GrowthView = {
      days: view,
      ofTen: found.referredShare === null ? null : Math.round(found.referredShare * 10),
      charts: hasGrowth ? { wide: columnChart(columns, 900, 260), narrow: columnChart(columns, 330, 220) } : null,
      months: [...found.trend].reverse(),
      channels: found.channels.map(({ channel, ...counts }) => ({ channel: channel ?? 'other', ...counts })),
      cohorts: newestFirst(cohorts).map(({ readers, stayed, ...cohort }) => ({
        ...{ ...cohort, readers },
        stayed: stayed.map((count) => ({ share: count / readers, heat: heatOf(count / readers) })),
      })),
      cohortMonths: Array.from({ length: Math.max(0, ...cohorts.map(({ stayed }) => stayed.length)) }, (_, n) => n),
      rewardCost: found.rewardCost,
      rewardCostPerVerified: found.rewardCostPerVerified,
      liabilities: found.liabilities,
    };
    return this.staffPages.send(request, reply, 'growth', shown);
  }

  @Get('economics')
  @StaffCan('reports:read')
  async economics(
    @Desk() { workplace }: DeskVisit,
    @Query({ schema: EconomicsForm }) typed: z.infer<typeof EconomicsForm>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const wasAsked = Object.values(typed).some((text) => text !== '');
    const read = readFigures(typed);
    const problems = wasAsked && 'wrong' in read ? read.wrong : FINE;
    const found = 'wrong' in read ? null : foundOf(await this.readEconomics.run(workplace.id, read), read);
    return this.staffPages.send(request, reply, 'economics', { typed, problems, found }, problems === FINE ? 200 : 422);
  }
}

/** Of a month those whom a friend brought before the others. */
function newestFirst(cohorts: readonly Cohort[]): Cohort[] {
  return cohorts.toSorted((a, b) => b.month.localeCompare(a.month) || Number(b.referred) - Number(a.referred));
}

/** Darker the more have left. */
function heatOf(share: number): number {
  return [0.98, 0.93, 0.85].filter((bound) => share < bound).length + 1;
}

type Figures = Parameters<ReadEconomics['run']>[1];

function readFigures(typed: EconomicsView['typed']): Figures | { wrong: EconomicsView['problems'] } {
  const currency = typed.currency.toUpperCase();
  const isKnown = isCurrency(currency);
  const amount = (text: string) => (isKnown ? (moneyTyped(text, currency)?.amount ?? null) : null);
  const read = {
    arr: amount(typed.arr),
    lifetimeYears: /^\d{1,2}([.,]\d{1,2})?$/.test(typed.lifetimeYears)
      ? Number(typed.lifetimeYears.replace(',', '.'))
      : null,
    yearlyCost: amount(typed.yearlyCost),
    customersWon: /^\d{1,9}$/.test(typed.customersWon) ? Number(typed.customersWon) : null,
  };
  const { arr, lifetimeYears, yearlyCost, customersWon } = read;
  if (arr !== null && lifetimeYears !== null && lifetimeYears > 0 && yearlyCost !== null && customersWon !== null) {
    return { arr, lifetimeYears, yearlyCost, customersWon, currency };
  }
  const wrong = { ...FINE, currency: isKnown ? null : 'problem.economics.currency' };
  const fields = Object.keys(read) as (keyof typeof read)[];
  for (const field of fields) {
    const isFine = read[field] !== null && (field !== 'lifetimeYears' || read[field] > 0);
    if (!isFine) wrong[field] = `problem.economics.${field}`;
  }
  return { wrong };
}

function foundOf(
  { ltv, referrals, forecast, ...told }: Awaited<ReturnType<ReadEconomics['run']>>,
  { yearlyCost, customersWon, currency }: Figures,
): EconomicsView['found'] {
  const own = ({ rewardCost, ...measured }: typeof referrals) => ({ cost: rewardCost, ...measured });
  return {
    ltv,
    rows: [
      { key: 'told', cost: { amount: yearlyCost, currency }, customers: customersWon, ...told },
      { key: 'referrals', ...own(referrals) },
      { key: 'forecast', ...own(forecast) },
    ],
  };
}
