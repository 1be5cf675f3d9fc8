import fc from 'fast-check';
import { expect, test } from 'vitest';
import { monthOf } from '../../src/domain/caps.js';
import { COUNT_FELL, decide, type Holding } from '../../src/domain/grant-decision.js';
import type { GrantStatus } from '../../src/domain/grants.js';
import {
  type Fall,
  goalOf,
  hasFallen,
  isForEach,
  namingOf,
  occurrencesCrossed,
  ordinalOf,
  reachedAt,
} from '../../src/domain/milestones.js';
import { AdjustCount } from '../../src/flows/adjust-count.js';
import { ChangeMilestone } from '../../src/flows/change-milestone.js';
import { DecideGrant } from '../../src/flows/decide-grant.js';
import { Fulfil } from '../../src/flows/fulfil.js';
import { PreviewMilestone } from '../../src/flows/preview-milestone.js';
import { ReverseReferral } from '../../src/flows/reverse-referral.js';
import { StartSeason } from '../../src/flows/start-season.js';
import { lockReferral } from '../../src/referrals/referral.store.js';
import { startApp } from '../support/app.js';
import { newPublication } from '../support/make.js';
import {
  type ModelGrant,
  PlainModel,
  type Rule,
  someRule,
  someSteps,
  type State,
  type Step,
} from '../support/milestone-model.js';

/*
 * Random ladders of one rung, with caps, jumps, reversals, changes, seasons and decisions of people, against a plain model: nothing
 * is granted twice, nothing is missed, and nobody gets more than the cap. PURE_RUNS and POSTGRES_RUNS for a long night.
 */

const PURE_RUNS = Number(process.env['PURE_RUNS'] ?? 3_000);
const POSTGRES_RUNS = Number(process.env['POSTGRES_RUNS'] ?? 60);
const BEGIN = new Date('2026-10-20T12:00:00Z');
const BY = { actor: 'operator', role: 'operator' } as const;

type Row = {
  id: string;
  occurrence: string;
  status: GrantStatus;
  reason: string | null;
  month: string;
  season: number;
};
type PureRow = Row & { rule: Rule };

function stateOf({ status, reason }: Pick<Row, 'status' | 'reason'>): State {
  if (status === 'revoked') return reason === COUNT_FELL ? 'fell' : 'revoked';
  return status as State;
}

const shown = (grants: readonly { name: string; state: State; month: string }[]) =>
  grants.map(({ name, state, month }) => `${name} ${state} ${month}`).sort();
const told = (rows: readonly Row[]) =>
  shown(rows.map((row) => ({ name: row.occurrence, state: stateOf(row), month: row.month })));

/** The rules of the product with nothing around them but lists. */
class PureRules {
  rows: PureRow[] = [];
  private season = 1;
  private count = 0;
  private facts: { at: Date; delta: number; friend: string | null }[] = [];
  private reachedOnce = 0;

  constructor(private rule: Rule) {}

  private get named() {
    return { ...this.rule, recipient: 'referrer' as const };
  }

  take(step: Step, friend: string, now: Date): void {
    const friends = this.facts.flatMap((fact) => fact.friend ?? []);
    if (step.kind === 'adjust') this.move(step.delta, null, now);
    else if (step.kind === 'friend') this.move(1, friend, now);
    else if (step.kind === 'reverse') this.move(-1, friends[step.friend]!, now);
    else if (step.kind === 'edit') this.edit(step.rule, step.past, now);
    else if (step.kind === 'season') this.begin();
    else if (step.kind === 'send') for (const row of this.due) row.status = 'sent';
    else if (step.kind === 'revoke') Object.assign(this.due[step.grant]!, { status: 'revoked', reason: 'a mistake' });
  }

  private get due(): PureRow[] {
    return this.rows.filter(({ status }) => status === 'due');
  }

  private begin(): void {
    this.reachedOnce = Math.max(this.reachedOnce, this.count);
    this.season++;
    this.count = 0;
    this.facts = [];
  }

  private move(delta: number, friend: string | null, now: Date): void {
    const before = this.count;
    this.count += delta;
    if (delta < 0 && friend !== null) this.facts = this.facts.filter((fact) => fact.friend !== friend);
    else this.facts.push({ at: now, delta, friend });
    if (delta < 0) {
      this.fall({ before, after: this.count, season: this.season, referralId: friend });
      return;
    }
    const crossed = isForEach(this.named)
      ? friend === null
        ? []
        : [friend]
      : occurrencesCrossed(this.named, before, this.count, this.context);
    this.grant(crossed.map((occurrence) => ({ occurrence, count: this.count, at: now })));
  }

  private fall(move: Omit<Fall, 'highest'>): void {
    const fall = { ...move, highest: Math.max(this.reachedOnce, this.count) };
    for (const row of this.due) {
      const rules = [row.rule, this.rule].map((rule) => ({ ...rule, recipient: 'referrer' as const }));
      if (hasFallen(row.occurrence, rules, fall)) Object.assign(row, { status: 'revoked', reason: COUNT_FELL });
    }
  }

  private edit(rule: Rule, past: 'grant' | 'ignore', now: Date): void {
    this.rule = rule;
    if (past === 'ignore') return;
    const friends = this.facts.filter((fact) => fact.friend !== null);
    this.grant(
      isForEach(this.named)
        ? friends.map(({ friend, at }, i) => ({ occurrence: friend!, count: this.count - friends.length + i + 1, at }))
        : occurrencesCrossed(this.named, 0, this.count, this.context).map((occurrence) => ({
            ...{ occurrence, count: this.count },
            at: reachedAt(this.facts, goalOf(this.named, occurrence)) ?? now,
          })),
    );
  }

  private get context() {
    return { season: this.season, referralId: '' };
  }

  private grant(crossings: readonly { occurrence: string; count: number; at: Date }[]): void {
    const wanted = crossings.map(({ occurrence, count, at }) => {
      return { occurrence, ordinal: ordinalOf(occurrence, count), month: monthOf(at, 'UTC') };
    });
    for (const { occurrence, month, capped, reinstates } of decide(this.rule.cap, this.holding, wanted)) {
      const status = capped ? 'capped' : 'due';
      const had = this.rows.find(({ id }) => id === reinstates);
      if (had === undefined) {
        this.rows.push({
          id: occurrence,
          occurrence,
          status,
          reason: null,
          month,
          season: this.season,
          rule: this.rule,
        });
      } else Object.assign(had, { status, reason: null });
    }
  }

  private get holding(): Holding {
    const naming = namingOf(this.named);
    const namingOfName = (name: string) => (name === 'once' ? 'once' : name.includes(':') ? 'season' : 'each');
    const counted = this.rows.filter(({ status }) => status !== 'revoked' && status !== 'capped');
    return {
      grants: this.rows,
      rewarded: counted.map(({ month }) => ({ month, count: 1 })),
      earlier: this.rows.filter(
        (row) =>
          stateOf(row) !== 'fell' &&
          namingOfName(row.occurrence) !== naming &&
          (naming === 'once' || row.season === this.season),
      ).length,
    };
  }
}

test(`the pure rules grant what the model grants, ${PURE_RUNS} times`, () => {
  let [steps, grants] = [0, 0];
  fc.assert(
    fc.property(someRule, someSteps(25), (rule, all) => {
      const model = new PlainModel(rule, BEGIN);
      const rules = new PureRules(rule);
      all.forEach((step, i) => {
        if (!model.can(step)) return;
        model.take(step, `friend ${i}`);
        rules.take(step, `friend ${i}`, model.now);
        expect(told(rules.rows), JSON.stringify(step)).toEqual(shown(model.grants));
        steps++;
      });
      grants += model.grants.length;
      expectOnce(model.grants);
    }),
    { numRuns: PURE_RUNS },
  );
  console.log(`pure rules: ${PURE_RUNS} runs, ${steps} steps, ${grants} grants, 0 differences`);
});

function expectOnce(grants: readonly ModelGrant[]): void {
  expect(new Set(grants.map(({ name }) => name)).size).toBe(grants.length);
}

const app = await startApp();

/** The same steps through the flows that editors, readers and the schedule come by. */
async function onPostgres(rule: Rule) {
  app.clock.set(BEGIN);
  const publication = await newPublication(app);
  const milestone = await publication.milestone({ ...rule, past: 'ignore' });
  const { id, code } = await publication.reader();
  const rows = () =>
    app.rows<Row>(
      `select id, occurrence, status, reason, reached_month as month, season from grants where publication_id = $1 and subscriber_id = $2`,
      [publication.id, id],
    );

  const edit = async (change: Rule, past: 'grant' | 'ignore') => {
    const program = await publication.program();
    const preview = await app.get(PreviewMilestone).edited(program, milestone.id, { ...change, past });
    const due = async () => (await rows()).filter(({ status }) => status === 'due').length;
    const before = await due();
    await app.get(ChangeMilestone).run(program, milestone.id, { ...change, past }, null, BY);
    expect((await due()) - before).toBe(preview.grants);
  };
  const reverse = (referralId: string) =>
    app.database.transaction(async (tx) => {
      const referral = (await lockReferral(tx, publication.id, referralId))!;
      await app.get(ReverseReferral).within(tx, referral, [], 'operator', app.clock.now());
    });
  const take = async (step: Step, model: PlainModel): Promise<string | undefined> => {
    if (step.kind === 'friend') return (await publication.verifiedFriend(code)).referral.id;
    if (step.kind === 'adjust') {
      const adjusting = { program: 'default', delta: step.delta, reason: 'a correction' };
      await app.get(AdjustCount).run(publication.id, id, adjusting, BY);
    } else if (step.kind === 'reverse') await reverse(model.friends[step.friend]!);
    else if (step.kind === 'edit') await edit(step.rule, step.past);
    else if (step.kind === 'season') await app.get(StartSeason).run(await publication.program(), null, BY);
    else if (step.kind === 'send') await app.get(Fulfil).run(publication.id);
    else if (step.kind === 'wait') app.advance(step.days * 86_400_000);
    else {
      const { name } = model.unsent[step.grant]!;
      const grant = (await rows()).find(({ occurrence }) => occurrence === name)!;
      await app.get(DecideGrant).revoke(publication.id, grant.id, 'a mistake', BY);
    }
    return undefined;
  };
  return { rows, take };
}

test(
  `on PostgreSQL the flows grant what the model grants, and previews say so, ${POSTGRES_RUNS} times`,
  { timeout: 600_000 },
  async () => {
    let [steps, grants] = [0, 0];
    await fc.assert(
      fc.asyncProperty(someRule, someSteps(10), async (rule, all) => {
        const model = new PlainModel(rule, BEGIN);
        const real = await onPostgres(rule);
        for (const step of all) {
          if (!model.can(step)) continue;
          const friend = await real.take(step, model);
          model.now = step.kind === 'wait' ? model.now : app.clock.now();
          model.take(step, friend);
          expect(told(await real.rows()), JSON.stringify(step)).toEqual(shown(model.grants));
          steps++;
        }
        grants += model.grants.length;
      }),
      { numRuns: POSTGRES_RUNS, endOnFailure: true },
    );
    console.log(`PostgreSQL: ${POSTGRES_RUNS} runs, ${steps} steps, ${grants} grants, 0 differences`);
  },
);
