import { z } from 'zod';
import { daysRound } from '../../domain/contest.js';
import { dayAfter } from '../../domain/local-time.js';
import type { Days } from '../../reports/funnel.store.js';
import type { Period } from '../../reports/growth.store.js';
import { Day } from '../api/fields.js';
import { Typed } from './form.js';
import type { ReportDaysView } from './report-views.js';

const SPANS = [30, 90, 365] as const;
const USUAL = 90;

export const DaysQuery = z.object({ from: Typed, to: Typed });

/** The days that a report is about: those that were typed, else the last 90. A day that is none is said and not gone by. */
export function readDays(
  { from, to }: z.infer<typeof DaysQuery>,
  timezone: string,
  now: Date,
): { days: Days; period: Period; view: ReportDaysView } {
  const today = dayAfter(now, 0, timezone);
  const usual = { from: dayAfter(now, 1 - USUAL, timezone), to: today };
  const wrong = (day: string) => (day === '' || Day.safeParse(day).success ? null : 'problem.day.invalid');
  const problems = { from: wrong(from), to: wrong(to) };
  const given = {
    from: from === '' || problems.from !== null ? usual.from : from,
    to: to === '' || problems.to !== null ? usual.to : to,
  };
  const spans = SPANS.map((days) => ({ days, from: dayAfter(now, 1 - days, timezone), to: today }));
  return {
    days: { ...given, timezone },
    period: {
      startsAt: daysRound({ from: given.from, to: given.from }, timezone).startsAt,
      endsAt: daysRound({ from: given.to, to: given.to }, timezone).endsAt,
    },
    view: {
      typed: { from: problems.from === null ? given.from : from, to: problems.to === null ? given.to : to },
      problems,
      spans: spans.map((span) => ({ ...span, current: span.from === given.from && span.to === given.to })),
    },
  };
}
