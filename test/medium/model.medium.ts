import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseAddress } from '../../src/domain/email.js';
import { DomainError } from '../../src/domain/errors.js';
import { Appeal } from '../../src/flows/appeal.js';
import { ChangeSubscriber } from '../../src/flows/change-subscriber.js';
import { Erase } from '../../src/flows/erase.js';
import { Leave } from '../../src/flows/leave.js';
import { Reconcile } from '../../src/flows/reconcile.js';
import { ReviewReferrals } from '../../src/flows/review-referrals.js';
import { SettleReferrals } from '../../src/flows/settle-referrals.js';
import { StartSeason } from '../../src/flows/start-season.js';
import { TakeEvent } from '../../src/flows/take-event.js';
import type { Reason } from '../../src/domain/fraud.js';
import { PlainModel } from '../model/plain-model.js';
import { FIRST_READERS, line, ODD, type Player, type Setting, type Shown, someSetting, someSteps, type Step, type Via } from '../model/steps.js'; // prettier-ignore
import { DAY, startApp, type TestApp } from '../support/app.js';
import { newPublication, range, type TestPublication } from '../support/make.js';

/*
 * Random lives of referrals through the flows that readers, staff and the schedule come by, against a plain model: states, holds,
 * history and counts are the same after each. RUNS for a long night; SEED and SHRINK_PATH play one again.
 */

const RUNS = Number(process.env['RUNS'] ?? 150);
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
/** Publications at once, each with an application and a clock of its own over the one database. */
const LANES = 3;
const BEGIN = new Date('2026-10-20T12:00:00Z');
const BY = { actor: 'operator', role: 'operator' } as const;
const MAILBOXES = ['anna', 'bruno', 'clara', 'dario'];
let played = 0;

class OnPostgres implements Player {
  private readonly ids: string[] = [];
  private readonly run = ++played;
  private readonly clicks = new Map<number, string[]>();
  private events = 0;

  private constructor(
    private readonly app: TestApp,
    private readonly publication: TestPublication,
  ) {}

  static async begin(app: TestApp, { model, patience }: Setting): Promise<OnPostgres> {
    app.clock.set(BEGIN);
    const publication = await newPublication(app);
    await publication.changeProgram({ attributionModel: model, ...patience });
    const player = new OnPostgres(app, publication);
    for (const address of FIRST_READERS) {
      await player.signUp(address, { how: 'nothing' });
      await player.ofReader('confirm', player.ids.length - 1);
    }
    return player;
  }

  async take(step: Step): Promise<string | null> {
    try {
      return await this.play(step);
    } catch (error) {
      if (error instanceof DomainError) return error.code;
      throw error;
    }
  }

  private async play(step: Step): Promise<string | null> {
    const { app, publication } = this;
    if ('referral' in step) return this.ofReferral(step.kind, step.referral);
    if (step.kind === 'signup') await this.signUp(step.address, step.via);
    else if (step.kind === 'click') await this.click(step.address, step.of);
    else if (step.kind === 'move') {
      const email = this.addressOf(step.address);
      await app.get(ChangeSubscriber).run(publication.id, this.reader(step.reader), { email });
    } else if ('reader' in step) await this.ofReader(step.kind, step.reader);
    // A second more: what lasts for days is over when they are, however fast the steps before came one after the other.
    else if (step.kind === 'wait') app.advance(step.days * DAY + 1_000);
    else if (step.kind === 'tick') await app.get(SettleReferrals).run(publication.id);
    else if (step.kind === 'season') await app.get(StartSeason).run(await publication.program(), null, BY);
    else await publication.changeProgram(step.patience);
    return null;
  }

  private reader(n: number): string {
    return this.ids[n % this.ids.length]!;
  }

  private addressOf(n: number) {
    const name = MAILBOXES[Math.floor(n / 2)]!;
    const local = n % 2 === 0 ? name : `${name[0]}.${name.slice(1)}`;
    const parsed = parseAddress(`${local}${this.run}@gmail.com`);
    if (!parsed.ok) throw new Error(parsed.message);
    return parsed.address;
  }

  private async signUp(address: number, via: Via): Promise<void> {
    const from = address === ODD ? { ip: null, userAgent: null, browserOf: this.ids[0]!, fillMs: 10 } : undefined;
    const ref = via.how === 'code' ? await this.publication.codeOf(this.reader(via.of)) : null;
    const clicks = via.how === 'clicks' ? (this.clicks.get(address) ?? []) : [];
    if (via.how === 'clicks') this.clicks.delete(address);
    const presented = { ref, clicks, content: null, channel: null };
    const { address: email } = this.addressOf(address);
    const { id } = await this.publication.signUp(email, { presented, ...(from === undefined ? {} : { from }) });
    if (!this.ids.includes(id)) this.ids.push(id);
  }

  private async click(address: number, of: number): Promise<void> {
    const answer = await this.app.http
      .get(`/r/${await this.publication.codeOf(this.reader(of))}`)
      .set('user-agent', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0');
    const id = new URL(answer.headers['location']!).searchParams.get('click')!;
    this.clicks.set(address, [...(this.clicks.get(address) ?? []), id]);
  }

  private async ofReader(kind: 'confirm' | 'unsubscribe' | 'bounce' | 'erase' | 'engage', n: number): Promise<void> {
    const { app, publication } = this;
    const id = this.reader(n);
    if (kind === 'confirm') await app.get(ChangeSubscriber).confirm(publication.id, id);
    else if (kind === 'erase') await app.get(Erase).run(publication.id, id);
    else if (kind === 'engage') {
      const nothing = { plan: null, seats: null, value: null, score: null, of: null, attributes: null };
      const told = { id: `${++this.events}`, type: 'engaged', at: null, ...nothing };
      await app.get(TakeEvent).run(publication.id, { ...told, person: { by: 'subscriberId', id } });
    } else {
      await app.get(Leave).run(publication.id, id, kind === 'bounce' ? 'bounced' : 'unsubscribed', 'mail');
    }
  }

  private async ofReferral(kind: 'approve' | 'reject' | 'appeal', n: number): Promise<string | null> {
    const { app, publication } = this;
    const referrals = await this.referrals();
    const referral = referrals[n % Math.max(1, referrals.length)];
    if (referral === undefined) return null;
    if (kind === 'appeal') return app.get(Appeal).run(publication.id, referral.by, referral.id, null);
    await app.get(ReviewReferrals).run(publication.id, { ids: [referral.id], decision: kind, note: null }, BY);
    return null;
  }

  private referrals() {
    return this.app.rows<{ id: string; of: string; by: string; state: string }>(
      `select r.id, r.referred_id as of, p.subscriber_id as by, coalesce(r.held_for, r.state) as state
       from referrals r join participants p on p.publication_id = r.publication_id and p.id = r.referrer_id
       where r.publication_id = $1 order by r.id`,
      [this.publication.id],
    );
  }

  async shown(): Promise<Shown> {
    const people = await this.app.rows<{ id: string; status: string; current: number; lifetime: number }>(
      `select s.id, s.status, coalesce(sum(c.count) filter (where c.season = g.season), 0)::int as current, coalesce(sum(c.count), 0)::int as lifetime
       from subscribers s join participants p on p.publication_id = s.publication_id and p.subscriber_id = s.id
       join programs g on g.publication_id = p.publication_id and g.id = p.program_id
       left join stage_counts c on c.publication_id = p.publication_id and c.participant_id = p.id and c.stage = 'verified'
       where s.publication_id = $1 group by s.id, s.status`,
      [this.publication.id],
    );
    const events = await this.app.rows<{ referralId: string; fromState: string | null; toState: string; heldFor: string | null; reasons: Reason[]; actor: string }>(
      `select referral_id, from_state, to_state, held_for, reasons, actor from referral_events where publication_id = $1 order by id`,
      [this.publication.id],
    ); // prettier-ignore
    const referrals = await this.referrals();
    return {
      readers: this.ids.map((id) => {
        const { id: _, ...shown } = people.find((person) => person.id === id)!;
        return shown;
      }),
      referrals: referrals.map(({ id, of, by, state }) => ({
        ...{ of: this.ids.indexOf(of), by: this.ids.indexOf(by), state },
        history: events
          .filter(({ referralId }) => referralId === id)
          .map((e) => line(e.fromState, e.toState, e.heldFor, told(e.reasons), e.actor)),
      })),
    };
  }

  drift() {
    return this.app.get(Reconcile).find(this.publication.id);
  }
}

/** Without the sign that many came at once: all of this happens in a moment. */
const told = (reasons: readonly Reason[]): string[] =>
  reasons.map(({ code }) => code).filter((code) => code !== 'velocity');

const lanes = await Promise.all(range(LANES).map(() => startApp({}, { poolSize: 5 })));

test(`the flows do with referrals what the model does, ${RUNS} times`, { timeout: RUNS * 10_000 }, async () => {
  let [steps, changes] = [0, 0];
  await Promise.all(
    lanes.map((app, lane) =>
      fc.assert(
        fc.asyncProperty(someSetting, someSteps(60), async (setting, all) => {
          const model = new PlainModel(setting);
          const real = await OnPostgres.begin(app, setting);
          for (const step of all) {
            expect(await real.take(step), JSON.stringify(step)).toEqual(model.take(step));
          }
          expect(await real.shown()).toEqual(model.shown());
          expect(await real.drift()).toEqual([]);
          steps += all.length;
          changes += model.shown().referrals.reduce((sum, { history }) => sum + history.length, 0);
        }),
        { numRuns: Math.ceil(RUNS / LANES), seed: SEED + lane, path: process.env['SHRINK_PATH'] ?? '' },
      ),
    ),
  );
  console.log(
    `PostgreSQL: ${RUNS} lives, seed ${SEED}, ${steps} steps, ${changes} changes of a referral, 0 differences`,
  );
});
