import { describe, expect, test, vi } from 'vitest';
import { GrantPast } from '../../src/flows/grant-past.js';
import { Owe } from '../../src/flows/owe.js';
import { startApp } from '../support/app.js';
import { inFlight, newPublication, range } from '../support/make.js';
import { adjust, MILESTONES, readersWith, statuses, tally } from '../support/milestones.js';

const app = await startApp();

describe('a milestone that is changed', () => {
  test('from 5 to 3 with 40 past: exactly 40, also a second time and when it dies in the middle', async () => {
    const publication = await newPublication(app);
    const milestone = await publication.milestone({ threshold: 5 });
    await readersWith(publication, 4, 40);
    await readersWith(publication, 2, 5);
    const [first] = await readersWith(publication, 5, 1);
    expect(await publication.grants()).toHaveLength(1);
    const change = { threshold: 3, past: 'grant' };
    const owe = vi.spyOn(app.get(Owe), 'within');
    let calls = 0;
    owe.mockImplementation(async () => {
      if (++calls > 17) throw new Error('killed');
      return null;
    });
    expect((await publication.admin.patch(`${MILESTONES}/${milestone.id}`, change)).status).toBe(500);
    owe.mockRestore();
    expect(await publication.grants()).toHaveLength(1);
    const answer = await publication.admin.patch(`${MILESTONES}/${milestone.id}`, change);
    expect(answer.body).toMatchObject({ threshold: 3, version: 2, pastRun: { state: 'done', granted: 40 } });
    expect(await publication.grants()).toHaveLength(41);
    const again = await publication.admin.patch(`${MILESTONES}/${milestone.id}`, change);
    expect(again.body).toMatchObject({ version: 3, pastRun: { state: 'done', granted: 0 } });
    const grants = await publication.grants();
    expect(new Set(grants.map(({ subscriberId }) => subscriberId)).size).toBe(41);
    expect(grants.filter(({ subscriberId }) => subscriberId === first!.id)).toHaveLength(1);
  });

  test('of a large program is granted in steps, each once, though one dies and others confirm meanwhile', async () => {
    const publication = await newPublication(app);
    const milestone = await publication.milestone({ threshold: 9 });
    const readers = await readersWith(publication, 4, 230);
    const change = { threshold: 3, every: 4, past: 'grant' };
    const { body } = await publication.admin.patch(`${MILESTONES}/${milestone.id}`, change);
    expect(body.pastRun).toEqual({ state: 'running', granted: 100, capped: 0 });
    // While it runs nobody may change what it goes by.
    const refused = await publication.admin.patch(`${MILESTONES}/${milestone.id}`, { threshold: 2 });
    expect([refused.status, refused.body.code]).toEqual([409, 'milestone/past-running']);
    const season = await publication.admin.post('/programs/default/seasons');
    expect([season.status, season.body.code]).toEqual([409, 'milestone/past-running']);
    const owe = vi.spyOn(app.get(Owe), 'within').mockRejectedValueOnce(new Error('killed'));
    await expect(app.get(GrantPast).step(publication.id)).rejects.toThrow('killed');
    owe.mockRestore();
    expect(await publication.grants()).toHaveLength(100);
    // Some cross the second time before and some after the schedule has come to them.
    const quick = readers.filter((_, n) => n % 10 === 0);
    await Promise.all([
      inFlight(5, quick, ({ id }) => adjust(publication, id, 3)),
      app.get(GrantPast).run(publication.id),
      app.get(GrantPast).run(publication.id),
    ]);
    await app.tick();
    const grants = await publication.grants();
    const of = (id: string) =>
      grants
        .filter((g) => g.subscriberId === id)
        .map((g) => g.occurrence)
        .sort();
    for (const reader of readers) {
      expect(of(reader.id)).toEqual(quick.includes(reader) ? ['1:1', '1:2'] : ['1:1']);
    }
    const done = await publication.admin.get(`${MILESTONES}/${milestone.id}`);
    expect(done.body.pastRun.state).toBe('done');
  });

  test('by two editors at once is changed by one of them, and the other is told', async () => {
    const publication = await newPublication(app);
    const milestone = await publication.milestone({ threshold: 5 });
    const answers = await Promise.all(
      range(8).map((n) => publication.admin.patch(`${MILESTONES}/${milestone.id}`, { version: 1, threshold: 10 + n })),
    );
    expect(tally(answers.map(({ status, body }) => `${status} ${body.code ?? ''}`))).toEqual({
      '200 ': 1,
      '409 milestone/changed': 7,
    });
    const { body } = await publication.admin.get(`${MILESTONES}/${milestone.id}/versions`);
    const winner = answers.find(({ status }) => status === 200)!.body.threshold;
    expect(
      body.data.map((v: { version: number; rule: { threshold: number } }) => [v.version, v.rule.threshold]),
    ).toEqual([
      [2, winner],
      [1, 5],
    ]);
  });

  test('by somebody who saw an older version is not, whether the body or If-Match says so', async () => {
    const publication = await newPublication(app);
    const { id } = await publication.milestone();
    await publication.admin.patch(`${MILESTONES}/${id}`, { name: 'second' });
    const stale = await publication.admin.patch(`${MILESTONES}/${id}`, { version: 1, name: 'third' });
    expect([stale.status, stale.body.code]).toEqual([409, 'milestone/changed']);
    const header = await publication.admin.patch(`${MILESTONES}/${id}`, { name: 'third' }).set('if-match', '"1"');
    expect([header.status, header.body.code]).toEqual([409, 'milestone/changed']);
    const fresh = await publication.admin.patch(`${MILESTONES}/${id}`, { name: 'third' }).set('if-match', '"2"');
    expect(fresh.body).toMatchObject({ name: 'third', version: 3 });
    const nothing = await publication.admin.patch(`${MILESTONES}/${id}`, { name: 'third' });
    expect(nothing.body.version).toBe(3);
  });

  test('keeps what was granted, and gives by the new rule only what is owed beyond it', async () => {
    const publication = await newPublication(app);
    const milestone = await publication.milestone({ threshold: 3, every: 3 });
    const reader = await publication.reader();
    await adjust(publication, reader.id, 7);
    const names = async () => (await publication.grants({ subscriberId: reader.id })).map((g) => g.occurrence);
    expect(await names()).toEqual(['1:1', '1:2']);
    const edit = (change: object) =>
      publication.admin.patch(`${MILESTONES}/${milestone.id}`, { past: 'grant', ...change });
    await edit({ threshold: 5, every: 5 }); // owes one at 7, and there are two
    expect(await names()).toEqual(['1:1', '1:2']);
    await adjust(publication, reader.id, 8); // 15: the third
    expect(await names()).toEqual(['1:1', '1:2', '1:3']);
    await edit({ every: null });
    expect(await names()).toHaveLength(3);
    await edit({ threshold: 2, every: 4 }); // at 15: 2, 6, 10, 14
    expect(await names()).toEqual(['1:1', '1:2', '1:3', '1:4']);
  });

  test('cannot become what no milestone can be', async () => {
    const publication = await newPublication(app);
    const { id } = await publication.milestone();
    const other = await (await newPublication(app)).reward();
    for (const [change, path] of [
      [{ recipient: 'referred' }, 'threshold'],
      [{ rewardId: other.id }, 'rewardId'],
      [{ stage: 'nowhere' }, 'stage'],
      [{ threshold: 0 }, 'threshold'],
      [{ cap: 3 }, 'cap'],
      [{ version: 0 }, 'version'],
      [{ id: 'x' }, 'id'],
    ] as const) {
      const { status, body } = await publication.admin.patch(`${MILESTONES}/${id}`, change);
      expect([status, body.errors?.[0]?.path]).toEqual([422, path]);
    }
    expect((await publication.admin.get(`${MILESTONES}/${id}`)).body.version).toBe(1);
  });
});

describe('a preview', () => {
  test('says what a new milestone would do to the past, and then it does that', async () => {
    const publication = await newPublication(app);
    await readersWith(publication, 4, 12);
    const [one] = await readersWith(publication, 11, 1);
    const body = {
      ...{ name: 'Rung', stage: 'verified', threshold: 3, every: 2, recipient: 'referrer' },
      ...{ rewardId: (await publication.reward()).id, cap: { count: 3, per: 'month' } },
    };
    const before = await app.snapshot();
    const preview = await publication.admin.post(`${MILESTONES}/preview`, body);
    expect(await app.snapshot()).toEqual(before);
    // 3 for everybody, and 5, 7 and above the cap 9 and 11 for one.
    expect(preview.body).toMatchObject({ grants: 15, capped: 2, people: 13, cost: [] });
    expect(preview.body.sample).toHaveLength(10);
    const made = await publication.admin.post(MILESTONES, { ...body, past: 'grant' });
    expect(made.body.pastRun).toEqual({ state: 'done', granted: 15, capped: 2 });
    expect(tally(await statuses(publication, { subscriberId: one!.id }))).toEqual({ capped: 2, due: 3 });
  });

  test('of a change counts only what is not there yet, and with ignore nothing', async () => {
    const publication = await newPublication(app);
    const milestone = await publication.milestone({ threshold: 5 });
    await readersWith(publication, 6, 2);
    await readersWith(publication, 3, 4);
    const change = { id: milestone.id, threshold: 3 };
    const { body } = await publication.admin.post(`${MILESTONES}/preview`, change);
    expect(body).toMatchObject({ grants: 4, people: 4 });
    const ignored = await publication.admin.post(`${MILESTONES}/preview`, { ...change, past: 'ignore' });
    expect(ignored.body).toMatchObject({ grants: 0, people: 0, sample: [] });
    expect((await publication.admin.get(`${MILESTONES}/${milestone.id}`)).body.version).toBe(1);
  });

  test('of what cannot be says why', async () => {
    const publication = await newPublication(app);
    const whole = await publication.admin.post(`${MILESTONES}/preview`, { name: 'Rung' });
    expect([whole.status, whole.body.errors.map(({ path }: { path: string }) => path).sort()]).toEqual([
      422,
      ['recipient', 'rewardId', 'stage', 'threshold'],
    ]);
    const id = (await (await newPublication(app)).milestone()).id;
    expect((await publication.admin.post(`${MILESTONES}/preview`, { id, threshold: 3 })).status).toBe(404);
  });
});
