import type { Findings, FraudLevel, Reason } from '../fraud.js';
import { DAY_MS, decide, HOUR_MS, type Passed, type Verdict } from './decide.js';

/** How a confirmed referral was judged at its time. */
export interface Judged extends Findings {
  referralId: string;
  referrerId: string;
  at: Date;
  outcome: Verdict['outcome'];
}

/** Examples each way, newest first; more is what the list of referrals is for. */
const EXAMPLES = 10;

interface Example {
  referralId: string;
  at: Date;
  reasons: Reason[];
}

export interface DryRun {
  counts: { referrals: number; unchanged: number; wouldHold: number; wouldLetThrough: number; rejected: number };
  examples: { wouldHold: Example[]; wouldLetThrough: Example[] };
}

/**
 * Plays the judging of the past again with another level. Caps are played too: whom a level holds makes room for who comes after,
 * so what was counted at the time says nothing. Only the last day of one referrer is remembered.
 */
export class Replay {
  readonly result: DryRun = {
    counts: { referrals: 0, unchanged: 0, wouldHold: 0, wouldLetThrough: 0, rejected: 0 },
    examples: { wouldHold: [], wouldLetThrough: [] },
  };
  private referrerId = '';
  private recent: number[] = [];

  /** Referrals from `since` on are reported; those of the day before only fill the caps. */
  constructor(
    private readonly level: FraudLevel,
    private readonly since: Date,
  ) {}

  /** Referrer by referrer, of each in the order of the judging. */
  add(judged: Judged): void {
    if (judged.referrerId !== this.referrerId) this.recent = [];
    this.referrerId = judged.referrerId;
    this.recent = this.recent.filter((passed) => passed > judged.at.getTime() - DAY_MS);
    const verdict = decide(judged, this.level, passedBefore(this.recent, judged.at));
    if (verdict.outcome === 'passed' && !judged.isAllowed) this.recent.push(judged.at.getTime());
    if (judged.at >= this.since) this.report(judged, verdict);
  }

  private report({ referralId, at, outcome, signs }: Judged, verdict: Verdict): void {
    const { counts, examples } = this.result;
    counts.referrals++;
    if (outcome === 'rejected') counts.rejected++;
    else if (outcome === verdict.outcome) counts.unchanged++;
    else if (verdict.outcome === 'held') {
      counts.wouldHold++;
      keep(examples.wouldHold, { referralId, at, reasons: verdict.reasons });
    } else {
      counts.wouldLetThrough++;
      keep(examples.wouldLetThrough, {
        referralId,
        at,
        reasons: signs.map(({ holds: _, forDays: __, ...reason }) => reason),
      });
    }
  }
}

function passedBefore(recent: readonly number[], at: Date): Passed {
  return { hour: recent.filter((passed) => passed > at.getTime() - HOUR_MS).length, day: recent.length };
}

function keep(examples: Example[], example: Example): void {
  examples.push(example);
  examples.sort((a, b) => b.at.getTime() - a.at.getTime());
  if (examples.length > EXAMPLES) examples.pop();
}
