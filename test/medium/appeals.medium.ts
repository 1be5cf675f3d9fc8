import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { HOUR, startApp } from '../support/app.js';
import { inFlight, newPublication, range, type TestPublication } from '../support/make.js';
import { tracesOf } from '../support/traces.js';

const app = await startApp();

type Reader = Awaited<ReturnType<TestPublication['reader']>>;

const hubOf = (publication: TestPublication, readerId: string): string =>
  `/hub/${app.token('hub', publication.id, readerId, new Date(app.clock.now().getTime() + HOUR))}`;

/** A reader with a friend who was refused for an address that gives out throw-away mailboxes. */
async function refused(publication: TestPublication, reader?: Reader) {
  const referrer = reader ?? (await publication.reader());
  const friend = await publication.reader(`xavier-${randomUUID()}@mailinator.com`, { ref: referrer.code });
  const referral = await publication.referralOf(friend.id);
  expect([referral.state, referral.reasons[0]?.code]).toEqual(['rejected', 'disposable_domain']);
  const hub = hubOf(publication, referrer.id);
  return { referrer, friend, referral, hub, path: `${hub}/referrals/${referral.id}/appeal` };
}

const ask = (path: string, words?: string) =>
  app.http
    .post(path)
    .type('form')
    .send(words === undefined ? {} : { words });

const review = async (publication: TestPublication, id: string, decision: string) =>
  (await publication.admin.post('/referrals/review', { ids: [id], decision })).body.data[0];

describe('an appeal', () => {
  test('puts a rejected referral before a reviewer with what the reader wrote, and a GET changes nothing', async () => {
    const publication = await newPublication(app);
    const { referral, hub, path } = await refused(publication);
    const before = await app.snapshot();
    for (const url of [hub, `${hub}/friends`, path]) {
      const { status, text } = await app.http.get(url);
      expect([status, text], url).toEqual([200, expect.stringContaining(path)]);
      expect((await app.http.head(url)).status).toBe(200);
      expect(text).not.toContain('xavier');
    }
    expect(await app.snapshot()).toEqual(before);

    const said = await ask(path, '  We are \u202Etwo people.\r\nReally.\u0007 ');
    expect([said.status, said.text]).toEqual([200, expect.stringContaining('We look again')]);
    const { body } = await publication.admin.get('/referrals').query({ state: 'held', heldFor: 'review' });
    expect(body.data).toMatchObject([
      {
        id: referral.id,
        reasons: [{ code: 'disposable_domain' }],
        appeal: { words: 'We are two people.\nReally.', decidedAt: null, decision: null },
      },
    ]);
    const { history } = (await publication.admin.get(`/referrals/${referral.id}`)).body;
    expect(history.at(-1)).toMatchObject({ from: 'rejected', to: 'held', heldFor: 'review', actor: 'reader' });
  });

  test('is answered by the reviewer: what counts then counts, and what stays rejected says on the page that it was looked at', async () => {
    const publication = await newPublication(app);
    const { referrer, referral, hub, path } = await refused(publication);
    const other = await refused(publication, referrer);
    for (const one of [path, other.path]) await ask(one);
    expect(await review(publication, referral.id, 'reject')).toMatchObject({ result: 'rejected' });
    expect(await review(publication, other.referral.id, 'approve')).toMatchObject({ state: 'verified' });
    expect(await publication.countOf(referrer.id)).toBe(1);
    const kept = (await publication.admin.get(`/referrals/${referral.id}`)).body;
    expect(kept.reasons.map(({ code }: { code: string }) => code)).toEqual([
      'disposable_domain',
      'rejected_by_reviewer',
    ]);
    expect(kept.appeal).toMatchObject({ words: null, decision: 'reject', decidedAt: expect.any(String) });
    for (const url of [hub, `${hub}/friends`]) {
      const { text } = await app.http.get(url);
      expect(text).toContain('Somebody looked again on');
      expect(text).toContain('throw-away mailboxes');
      expect(text).not.toContain('/appeal');
    }
  });

  test('is made once: asked again it is answered kindly, while it is open and for good', async () => {
    const publication = await newPublication(app);
    const { referral, path } = await refused(publication);
    await ask(path, 'first');
    expect(await ask(path, 'second')).toMatchObject({ status: 200, text: expect.stringContaining('You asked us on') });
    await review(publication, referral.id, 'reject');
    expect(await ask(path, 'third')).toMatchObject({ status: 200, text: expect.stringContaining('it stays as it is') });
    expect(await app.http.get(path)).toMatchObject({ status: 200, text: expect.not.stringContaining('<form') });
    await review(publication, referral.id, 'approve');
    expect(await ask(path)).toMatchObject({ status: 200, text: expect.stringContaining('It counts') });
    const [appeal] = await app.rows(`select words, decision from referral_appeals where referral_id = $1`, [
      referral.id,
    ]);
    expect(appeal).toEqual({ words: 'first', decision: 'reject' });
  });

  test('50 at once are one', async () => {
    const publication = await newPublication(app);
    const { referral, path } = await refused(publication);
    const answers = await inFlight(50, range(50), (n) => ask(path, `try ${n}`));
    expect(answers.filter(({ text }) => text.includes('We look again')).length).toBe(1);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const events = await app.rows(`select id from referral_events where referral_id = $1 and to_state = 'held'`, [
      referral.id,
    ]);
    expect(events).toHaveLength(1);
  });

  test("of somebody else's friend, of another publication, of nobody and of no id is told that there is nothing", async () => {
    const publication = await newPublication(app);
    const { path, referral } = await refused(publication);
    const stranger = hubOf(publication, (await publication.reader()).id);
    const elsewhere = await newPublication(app);
    const foreign = hubOf(elsewhere, (await elsewhere.reader()).id);
    const before = await app.snapshot();
    for (const hub of [stranger, foreign]) {
      expect((await app.http.get(`${hub}/referrals/${referral.id}/appeal`)).status).toBe(404);
      expect((await ask(`${hub}/referrals/${referral.id}/appeal`)).status).toBe(404);
    }
    expect((await ask(path.replace(referral.id, randomUUID()))).status).toBe(404);
    expect((await ask(path.replace(referral.id, 'x'))).status).toBe(404);
    expect((await ask(path.replace(/^\/hub\/[^/]+/, '/hub/nothing'))).status).toBe(404);
    const tooOld = app.token('hub', publication.id, referral.referrerId, new Date(app.clock.now().getTime() - 1));
    expect((await ask(path.replace(/^\/hub\/[^/]+/, `/hub/${tooOld}`))).status).toBe(410);
    expect(await app.snapshot()).toEqual(before);
  });

  test('is closed for what is not rejected, and the page says how it stands', async () => {
    const publication = await newPublication(app);
    const reader = await publication.reader();
    const hub = hubOf(publication, reader.id);
    const { referral: counts } = await publication.verifiedFriend(reader.code);
    const pending = await publication.referralOf((await publication.signUp(undefined, { ref: reader.code })).id);
    for (const [{ id }, words] of [
      [counts, 'It counts'],
      [pending, 'Nothing to look at again'],
    ] as const) {
      const answer = await ask(`${hub}/referrals/${id}/appeal`);
      expect([answer.status, answer.text]).toEqual([409, expect.stringContaining(words)]);
      expect(await app.http.get(`${hub}/referrals/${id}/appeal`)).toMatchObject({
        status: 200,
        text: expect.stringContaining(words),
      });
    }
  });

  test('with too many words comes back with them, and asks nothing', async () => {
    const publication = await newPublication(app);
    const { referral, path } = await refused(publication);
    const answer = await ask(path, 'é'.repeat(501));
    expect([answer.status, answer.text]).toEqual([422, expect.stringContaining('é'.repeat(501))]);
    expect(answer.text).toContain('in 500 characters');
    expect((await publication.referralOf(referral.referredId)).state).toBe('rejected');
    expect((await ask(path, 'é'.repeat(500))).status).toBe(200);
  });

  test.each(['friend', 'referrer'] as const)('keeps no words when the %s is erased', async (who) => {
    const publication = await newPublication(app);
    const { referral, path, ...people } = await refused(publication);
    await ask(path, 'Zyxplant and I share a desk');
    const marker = who === 'friend' ? 'Zyxplantfriend' : 'Zyxplantreferrer';
    await publication.admin.post('/referrals/review', {
      ids: [referral.id],
      decision: 'reject',
      note: `${marker} was rude`,
    });
    expect(await tracesOf(app, 'zyxplant and i', marker)).toEqual(['audit_entries.note', 'referral_appeals.words']);
    expect((await publication.admin.delete(`/subscribers/${people[who].id}`)).status).toBe(204);
    expect(await tracesOf(app, 'zyxplant and i', marker)).toEqual([]);
    const [appeal] = await app.rows(`select words, decision from referral_appeals where referral_id = $1`, [
      referral.id,
    ]);
    expect(appeal).toEqual({ words: null, decision: 'reject' });
  });
});

describe('a friend who was known before', () => {
  test('is told to the referrer only after pressing the button in the mail that this signup caused', async () => {
    const publication = await newPublication(app);
    const reader = await publication.reader();
    const hub = hubOf(publication, reader.id);
    const shown = async () => (await app.http.get(`${hub}/friends`)).text.includes('We already knew this reader');
    const known = await publication.reader();
    await publication.signUp(known.email, { ref: reader.code });
    const gone = await publication.reader();
    await publication.admin.post(`/subscribers/${gone.id}/unsubscribe`);
    await publication.signUp(gone.email, { ref: reader.code });
    const { id } = await publication.referralOf(gone.id);
    const path = `${hub}/referrals/${id}/appeal`;
    expect([
      await shown(),
      (await app.http.get(hub)).text.includes('Nobody has joined'),
      (await ask(path)).status,
    ]).toEqual([false, true, 404]);

    await app.http.post(`/confirm/${await app.confirmToken(publication.id, gone.id)}`);
    expect([await shown(), (await publication.referralOf(gone.id)).state]).toEqual([true, 'rejected']);
    expect((await ask(path)).status).toBe(200);
    expect(await review(publication, id, 'approve')).toMatchObject({ result: 'approved', state: 'verified' });
    expect(await publication.countOf(reader.id)).toBe(1);
    // The one who never stopped reading pressed nothing, and stays untold.
    expect((await app.http.get(`${hub}/friends`)).text.match(/class="friend[ "]/g)).toHaveLength(1);
  });
});

describe('the page of all friends', () => {
  test('shows the newest of each kind, and all of a kind page by page', async () => {
    const publication = await newPublication(app);
    const reader = await publication.reader();
    const hub = hubOf(publication, reader.id);
    // So many friends at once would wait for a reviewer.
    await publication.admin.post('/fraud-lists', { list: 'allow', kind: 'domain', value: 'somewhere.example' });
    await inFlight(8, range(75), (n) => publication.verifiedFriend(reader.code, `a${n}-friend@somewhere.example`));
    await publication.signUp(undefined, { ref: reader.code });
    const rowsOf = async (url: string) => {
      const { status, text } = await app.http.get(url);
      const older =
        /href="([^"]+after=[^"]+)"/.exec(text.replaceAll('&amp;', '&').replaceAll('&#x3D;', '='))?.[1] ?? null;
      expect(text).not.toContain('somewhere.example');
      return { status, older, shown: text.match(/class="friend[ "]/g)?.length ?? 0, text };
    };
    const { text } = await app.http.get(hub);
    expect(text).toContain(`href="${hub}/friends"`);
    const all = await rowsOf(`${hub}/friends`);
    expect([all.status, all.shown]).toEqual([200, 21]);
    expect(all.text).toContain('<span class="count">75</span>');
    const second = await rowsOf(all.older!);
    const third = await rowsOf(second.older!);
    expect([second.shown, third.shown, third.older]).toEqual([50, 5, null]);
    expect((await rowsOf(`${hub}/friends?kind=counted&after=x`)).status).toBe(422);
    expect((await rowsOf(`${hub}/friends?kind=somebody`)).shown).toBe(21);
    await publication.admin.delete(`/subscribers/${reader.id}`);
    expect((await rowsOf(`${hub}/friends`)).status).toBe(410);
  });
});
