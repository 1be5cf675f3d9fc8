import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { audienceFacts } from '../../src/subscribers/audience.store.js';
import { DAY, HOUR, startApp } from '../support/app.js';
import { newPublication, range, type TestPublication } from '../support/make.js';
import { tracesOf } from '../support/traces.js';
import { webhooksOf } from '../support/webhook-endpoints.js';

const app = await startApp();
const { newEndpoint } = webhooksOf(app);

const tell = (publication: TestPublication, event: object) =>
  publication.admin.post('/events', { id: randomUUID(), ...event });

async function told(publication: TestPublication, event: object): Promise<void> {
  const { status, body } = await tell(publication, event);
  expect([status, body]).toEqual([202, { accepted: true, duplicate: false }]);
}

async function counts(publication: TestPublication): Promise<Record<string, number>> {
  const found = await app.rows<{ stage: string; count: number }>(
    `select stage, count from stage_counts where publication_id = $1 order by 1`,
    [publication.id],
  );
  return Object.fromEntries(found.map(({ stage, count }) => [stage, count]));
}

async function referred(stages: string[] = []) {
  const publication = await newPublication(app);
  await publication.changeProgram({ stages });
  const reader = await publication.reader();
  const { friend, referral } = await publication.verifiedFriend(reader.code);
  return { publication, reader, friend, referral, of: { subscriberId: friend.id } };
}

const ago = (milliseconds: number) => new Date(app.clock.now().getTime() - milliseconds).toISOString();
const usd = (amount: number) => ({ amount, currency: 'USD' });

describe('a stage of a program', () => {
  test('is reached by an event of its name, where the referral is of that program', async () => {
    const { publication, of } = await referred(['demo', 'trial']);
    const milestone = await publication.milestone({ stage: 'trial', threshold: 1, recipient: 'referred' });
    await told(publication, { type: 'trial', ...of });
    await told(publication, { type: 'demo', ...of });
    expect(await counts(publication)).toEqual({ demo: 1, trial: 1, verified: 1 });
    expect(await publication.grants({ milestoneId: milestone.id })).toHaveLength(1);
    expect((await publication.admin.get('/leads')).body.data[0].stage).toBe('trial');
  });

  test('that no program has is refused by its field, also for somebody who is not known', async () => {
    const { publication, of } = await referred(['demo']);
    for (const person of [of, { email: 'nobody@mail.example' }]) {
      const answer = await tell(publication, { type: 'trial', ...person });
      expect([answer.status, answer.body.errors[0].path]).toEqual([422, 'type']);
    }
    expect(await app.rows(`select 1 from inbound_events where publication_id = $1`, [publication.id])).toEqual([]);
  });

  test('is set by PATCH, and stays while a milestone counts it', async () => {
    const { publication } = await referred();
    const set = (stages: unknown) => publication.admin.patch('/programs/default', { stages });
    expect((await set(['demo', 'trial'])).body.stages).toEqual(['demo', 'trial']);
    const milestone = await publication.milestone({ stage: 'demo', threshold: 1 });
    const refused = await set(['trial']);
    expect([refused.status, refused.body.code]).toEqual([409, 'program/stage-in-use']);
    expect((await set(['trial', 'demo'])).body.stages).toEqual(['trial', 'demo']);
    await publication.admin.delete(`/programs/default/milestones/${milestone.id}`);
    expect((await set([])).body.stages).toEqual([]);
    for (const [stages, path] of [
      [['purchased'], 'stages[0]'],
      [['ok_one', 'Not'], 'stages[1]'],
      [['twice', 'twice'], 'stages'],
      [range(21).map((n) => `stage_${n}`), 'stages'],
    ] as const) {
      const answer = await set(stages);
      expect([answer.status, answer.body.errors[0].path], JSON.stringify(stages)).toEqual([422, path]);
    }
  });
});

describe('what a reader thinks', () => {
  test('is their last score, and a review that is rewarded once, whoever referred them', async () => {
    const publication = await newPublication(app);
    const reader = await publication.reader();
    const milestone = await publication.milestone({ stage: 'reviewed', threshold: 1 });
    const beyond = await publication.milestone({ stage: 'reviewed', threshold: 2 });
    const of = { subscriberId: reader.id };
    await told(publication, { type: 'nps', ...of, score: 9 });
    await told(publication, { type: 'nps', ...of, score: 3, at: ago(DAY) });
    expect(await audienceFacts(app.database.reader, publication.id, reader.id)).toEqual({ nps: 9 });
    await Promise.all(range(20).map(() => told(publication, { type: 'reviewed', ...of })));
    const grants = await publication.grants({ milestoneId: milestone.id });
    expect(await publication.grants({ milestoneId: beyond.id })).toEqual([]);
    expect(grants.map(({ subscriberId, occurrence }) => [subscriberId, occurrence])).toEqual([[reader.id, 'once']]);
  });

  test('is rewarded for the past too, from when it was written: by a milestone that comes later, once', async () => {
    const publication = await newPublication(app);
    const [first, second, silent] = [
      await publication.reader(),
      await publication.reader(),
      await publication.reader(),
    ];
    const at = ago(DAY);
    for (const { id } of [first, second]) await told(publication, { type: 'reviewed', subscriberId: id, at });
    await told(publication, { type: 'nps', subscriberId: silent.id, score: 9 });
    const milestone = await publication.milestone({ stage: 'reviewed', threshold: 1, past: 'grant' });
    await publication.milestone({ stage: 'reviewed', threshold: 2, past: 'grant' });
    await publication.admin.patch(`/programs/default/milestones/${milestone.id}`, { threshold: 1, past: 'grant' });
    for (const { id } of [first, second]) await told(publication, { type: 'reviewed', subscriberId: id });
    const grants = await publication.grants();
    expect(grants.map((grant) => [grant.subscriberId, grant.occurrence]).sort()).toEqual(
      [first, second].map(({ id }) => [id, 'once']).sort(),
    );
    const written = await app.rows<{ reachedAt: Date }>(
      `select reached_at "reachedAt" from grants where publication_id = $1`,
      [publication.id],
    );
    expect(written.map(({ reachedAt }) => reachedAt.toISOString())).toEqual([at, at]);
  });

  test('is not rewarded for the past in a program that has not taken them in', async () => {
    const publication = await newPublication(app);
    const program = await publication.newProgram('partners', { access: 'application' });
    const [inside, outside] = [await publication.reader(), await publication.reader()];
    for (const { id } of [inside, outside]) {
      const applied = await program.add({ subscriberId: id });
      expect(applied.body.status).toBe('applied');
      if (id === inside.id) expect((await program.approve(applied.body.id)).status).toBe(200);
      await told(publication, { type: 'reviewed', subscriberId: id });
    }
    const answer = await publication.admin.post('/programs/partners/milestones', {
      ...{ name: 'A review', stage: 'reviewed', threshold: 1, recipient: 'referrer' },
      ...{ rewardId: (await publication.reward()).id, past: 'grant' },
    });
    expect(answer.status, answer.text).toBe(201);
    expect((await publication.grants()).map(({ subscriberId }) => subscriberId)).toEqual([inside.id]);
  });

  test('a click in a mail lets a referral go on that waits for one', async () => {
    const publication = await newPublication(app);
    await publication.changeProgram({ requireEngagement: true });
    const reader = await publication.reader();
    const friend = await publication.signUp(undefined, { ref: reader.code, confirmed: true, source: 'api' });
    expect((await publication.referralOf(friend.id)).state).toBe('held');
    app.advance(HOUR);
    await told(publication, { type: 'engaged', subscriberId: friend.id });
    expect((await publication.referralOf(friend.id)).state).toBe('verified');
    expect(await publication.countOf(reader.id)).toBe(1);
  });
});

describe('webhooks', () => {
  test('are told of qualified leads and of each purchase once, of nobody before they confirmed', async () => {
    const publication = await newPublication(app);
    const endpoint = await newEndpoint(publication, ['lead.qualified', 'lead.purchased', 'referral.reversed']);
    const reader = await publication.reader();
    const friend = await publication.signUp('ben@bakery.example', {
      ref: reader.code,
      attributes: { company: 'Bakery' },
    });
    const of = { subscriberId: friend.id };
    await told(publication, { id: 'o-1', type: 'purchased', ...of, value: usd(4900), plan: 'pro', seats: 2 });
    await app.tick();
    expect(endpoint.receiver.got).toEqual([]);
    await publication.admin.post(`/subscribers/${friend.id}/confirm`);
    await told(publication, { id: 'o-2', type: 'purchased', ...of, value: usd(100) });
    await told(publication, { type: 'qualified', ...of });
    await told(publication, { type: 'qualified', ...of });
    await app.tick();
    const got = endpoint.receiver.got.map(({ body }) => body);
    expect(got.map(({ type, data }) => [type, data.purchase?.id]).sort()).toEqual([
      ['lead.purchased', 'o-1'],
      ['lead.purchased', 'o-2'],
      ['lead.qualified', undefined],
    ]);
    expect(got.find(({ data }) => data.purchase?.id === 'o-1')!.data).toMatchObject({
      referred: { id: friend.id, email: 'ben@bakery.example', company: 'Bakery' },
      referrer: { id: reader.id, email: reader.email },
      purchase: { plan: 'pro', seats: 2, value: usd(4900) },
      value: [usd(4900)],
      stage: 'purchased',
    });
  });
});

describe('somebody who is erased', () => {
  test('stands in no event, opinion or note any more; ids stay, so that nothing is taken in twice', async () => {
    const { publication, friend, referral } = await referred();
    const event = {
      ...{ id: 'o-1', type: 'purchased', email: friend.email, value: usd(100), at: ago(HOUR) },
      attributes: { company: 'Zyxevent GmbH' },
    };
    await told(publication, event);
    await told(publication, { type: 'nps', subscriberId: friend.id, score: 9 });
    await publication.admin.patch(`/leads/${referral.id}`, { note: 'Zyxevent wants bread', owner: 'Zyxevent fan' });
    expect((await tracesOf(app, 'zyxevent')).length).toBeGreaterThan(3);
    expect((await publication.admin.delete(`/subscribers/${friend.id}`)).status).toBe(204);
    expect(await tracesOf(app, 'zyxevent', friend.email)).toEqual([]);
    expect(await app.rows(`select 1 from opinions where publication_id = $1`, [publication.id])).toEqual([]);
    expect(await counts(publication)).toEqual({ purchased: 1, verified: 1 });
    expect((await publication.admin.post('/events', event)).body).toEqual({ accepted: true, duplicate: true });
    expect((await publication.admin.post('/events', { ...event, plan: 'x' })).body.code).toBe('event/other-body');
    expect((await tell(publication, { type: 'purchased', subscriberId: friend.id })).body.accepted).toBe(false);
  });
});
