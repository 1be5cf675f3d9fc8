import { describe, expect, test } from 'vitest';
import { startApp } from '../support/app.js';
import { inFlight, newPublication, range } from '../support/make.js';
import { adjust, settle, statuses, tally } from '../support/milestones.js';

const app = await startApp();

describe('a season', () => {
  test('begins all counts anew: what repeats is granted again, the rest is not, and lifetime counts stay', async () => {
    const publication = await newPublication(app);
    const [once, again] = [
      await publication.milestone({ threshold: 2 }),
      await publication.milestone({ threshold: 2, every: 2 }),
    ];
    const reader = await publication.reader();
    await inFlight(1, range(3), () => publication.verifiedFriend(reader.code));
    const begun = await publication.admin.post('/programs/default/seasons', { ends: 1 });
    expect([begun.status, begun.body.season]).toEqual([201, 2]);
    const { body } = await publication.admin.get(`/subscribers/${reader.id}`);
    expect(body).toMatchObject({ referralCount: 0, lifetimeReferralCount: 3, nextMilestone: { id: again.id } });
    // What is given once and was had is no promise any more.
    const footer = await app.http.get(`/footer/${reader.code}.json`);
    expect(footer.body).toMatchObject({ count: 0 });
    const { referral } = await publication.verifiedFriend(reader.code);
    await publication.verifiedFriend(reader.code);
    const names = async (milestoneId: string) => (await publication.grants({ milestoneId })).map((g) => g.occurrence);
    expect([await names(once.id), await names(again.id)]).toEqual([['once'], ['1:1', '2:1']]);
    // A friend of this season who is taken back leaves this season's count.
    await settle(publication, referral.id, false);
    const after = await publication.admin.get(`/subscribers/${reader.id}`);
    expect(after.body).toMatchObject({ referralCount: 1, lifetimeReferralCount: 4 });
    const seasons = await publication.admin.get('/programs/default/seasons');
    expect(seasons.body.data.map((s: { season: number }) => s.season)).toEqual([2, 1]);
  });

  test('that several begin at once begins once', async () => {
    const publication = await newPublication(app);
    const answers = await Promise.all(
      range(6).map(() => publication.admin.post('/programs/default/seasons', { ends: 1 })),
    );
    expect(tally(answers.map(({ status }) => String(status)))).toEqual({ 201: 1, 409: 5 });
    expect((await publication.program()).season).toBe(2);
  });

  test('while friends confirm: each is counted in one season, and none is lost', { timeout: 120_000 }, async () => {
    const publication = await newPublication(app);
    const reader = await publication.reader();
    const tokens = await inFlight(10, range(40), async () => {
      const { id } = await publication.signUp(undefined, { ref: reader.code });
      return app.confirmToken(publication.id, id);
    });
    const confirming = inFlight(20, tokens, async (token) => (await app.http.post(`/confirm/${token}`)).status);
    const begun = await publication.admin.post('/programs/default/seasons');
    expect(begun.status).toBe(201);
    expect(new Set(await confirming)).toEqual(new Set([200]));
    const { body } = await publication.admin.get(`/subscribers/${reader.id}`);
    expect(body.lifetimeReferralCount).toBe(40);
    const off = await app.rows(
      `select c.season, c.count from stage_counts c
       left join referral_stages s on s.publication_id = c.publication_id and s.season = c.season and s.stage = c.stage
       where c.publication_id = $1 group by 1, 2 having c.count <> count(s.referral_id)`,
      [publication.id],
    );
    expect(off).toEqual([]);
  });
});

describe('a correction of a count', () => {
  test('crosses milestones up and down, and is kept with who made it and why', async () => {
    const publication = await newPublication(app);
    await publication.milestone({ threshold: 3 });
    await publication.milestone({ threshold: 5 });
    const reader = await publication.reader();
    expect(await adjust(publication, reader.id, 5)).toMatchObject({ program: 'default', delta: 5, referralCount: 5 });
    expect(await statuses(publication)).toEqual(['due', 'due']);
    await adjust(publication, reader.id, -1);
    expect((await statuses(publication)).sort()).toEqual(['due', 'revoked']);
    await app.tick();
    await adjust(publication, reader.id, -2);
    expect((await statuses(publication)).sort()).toEqual(['revoked', 'sent']);
    await adjust(publication, reader.id, 3);
    expect((await statuses(publication)).sort()).toEqual(['due', 'sent']);
    const { body } = await publication.admin.get(`/subscribers/${reader.id}/adjustments`);
    expect(body.data.map(({ delta }: { delta: number }) => delta)).toEqual([3, -2, -1, 5]);
    expect(body.data[0]).toMatchObject({
      reason: 'told by phone',
      source: 'staff',
      actor: expect.stringMatching(/^key:/),
    });
  });

  test('never takes a count below nothing, also with twenty at once', async () => {
    const publication = await newPublication(app);
    const reader = await publication.reader();
    await adjust(publication, reader.id, 7);
    const answers = await inFlight(20, range(20), () =>
      publication.admin.post(`/subscribers/${reader.id}/adjustments`, { delta: -1, reason: 'x' }),
    );
    expect(tally(answers.map(({ status, body }) => `${status} ${body.code ?? ''}`))).toEqual({
      '201 ': 7,
      '409 adjustment/below-zero': 13,
    });
    expect(await publication.countOf(reader.id)).toBe(0);
  });

  test.each([
    [{ delta: 0, reason: 'x' }, 422, 'delta'],
    [{ delta: 1.5, reason: 'x' }, 422, 'delta'],
    [{ delta: 1 }, 422, 'reason'],
    [{ delta: 1, reason: '' }, 422, 'reason'],
    [{ delta: 1, reason: 'x', program: 'other' }, 422, 'program'],
  ])('%j is refused', async (body, status, path) => {
    const publication = await newPublication(app);
    const { id } = await publication.reader();
    const answer = await publication.admin.post(`/subscribers/${id}/adjustments`, body);
    expect([answer.status, answer.body.errors?.[0]?.path]).toEqual([status, path]);
  });

  test('of a reader who is erased is not possible, and what was written about them is emptied', async () => {
    const publication = await newPublication(app);
    const { id } = await publication.reader();
    await publication.admin.post(`/subscribers/${id}/adjustments`, { delta: 2, reason: 'Ana Marker called' });
    expect((await publication.admin.delete(`/subscribers/${id}`)).status).toBe(204);
    const answer = await publication.admin.post(`/subscribers/${id}/adjustments`, { delta: 1, reason: 'x' });
    expect([answer.status, answer.body.code]).toEqual([409, 'subscriber/erased']);
    const rows = await app.rows(
      `select to_jsonb(a)::text as text from referral_adjustments a where publication_id = $1`,
      [publication.id],
    );
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain('Marker');
    const audit = await app.rows(`select note from audit_entries where publication_id = $1`, [publication.id]);
    expect(JSON.stringify(audit)).not.toContain('Marker');
  });
});
