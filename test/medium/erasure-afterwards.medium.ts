import { describe, expect, test } from 'vitest';
import { bring, readerBy, verdictsOf } from '../support/imports.js';
import { DAY, startApp } from '../support/app.js';
import { newPublication, type TestPublication } from '../support/make.js';

/* What a publication still knows of a person whom it has erased, and what it does not. */

const app = await startApp();

async function erase(publication: TestPublication, id: string): Promise<void> {
  expect((await publication.admin.delete(`/subscribers/${id}`)).status).toBe(204);
}

const reasonsOf = async (publication: TestPublication, id: string) => {
  const { state, reasons } = await publication.referralOf(id);
  return [state, ...reasons.map(({ code }) => code)];
};

describe('an address that was erased', () => {
  test('signs up as somebody new, who is nobody’s new friend', async () => {
    const publication = await newPublication(app);
    const referrer = await publication.reader();
    const gone = await publication.reader('ana@gmail.com');
    await erase(publication, gone.id);
    const back = await publication.signUp('ANA@gmail.com', { ref: referrer.code });
    expect(back.id).not.toBe(gone.id);
    expect(back.confirmedAt).toBeNull();
    expect(await reasonsOf(publication, back.id)).toEqual(['rejected', 'already_subscribed']);
    const alias = await publication.signUp('a.n.a+news@googlemail.com', { ref: referrer.code, confirmed: true });
    expect(await reasonsOf(publication, alias.id)).toEqual(['rejected', 'alias_of_existing']);
    expect(await publication.countOf(referrer.id)).toBe(0);
    expect((await publication.signUp('bea@gmail.com', { ref: referrer.code, confirmed: true })).status).toBe('active');
    expect(await publication.countOf(referrer.id)).toBe(1);
  });

  test('that nobody had ever confirmed may still be a new friend', async () => {
    const publication = await newPublication(app);
    const referrer = await publication.reader();
    await erase(publication, (await publication.signUp('typed-by-a-stranger@mail.example')).id);
    const { referral } = await publication.verifiedFriend(referrer.code, 'typed-by-a-stranger@mail.example');
    expect(referral.state).toBe('verified');
  });

  test('is not brought back by a file, nor is an alias of it or an address from before', async () => {
    const publication = await newPublication(app);
    const gone = await publication.reader('old@gmail.com');
    await publication.admin.patch(`/subscribers/${gone.id}`, { email: 'new@mail.example' });
    await erase(publication, gone.id);
    const file =
      'email,shareCode,referralCount\nold@gmail.com,mine,7\nNEW@mail.example,,\nnew@mail.example,,\no.l.d+x@gmail.com,,\nother@mail.example,mine,\n';
    for (const dryRun of ['true', 'false']) {
      const brought = await bring(publication, file, { dryRun });
      expect(verdictsOf(brought).slice(0, 4)).toEqual(['erased', 'erased', 'erased', 'erased']);
      expect([brought.imported, brought.skipped, brought.failed]).toEqual([1, 4, 0]);
      expect(brought.rows.map(({ email }) => email)).toEqual(['', '', '', '', 'other@mail.example']);
    }
    expect((await publication.admin.get('/subscribers?status=active')).body.data).toHaveLength(1);
    const never = 'email\nnever@mail.example\n';
    expect(verdictsOf(await bring(await newPublication(app), never))).toEqual(['imported']);
  });

  test('that came back by its own will is a reader for files too', async () => {
    const publication = await newPublication(app);
    await erase(publication, (await publication.reader('ana@mail.example')).id);
    await publication.reader('ana@mail.example');
    expect(verdictsOf(await bring(publication, 'email,firstName\nana@mail.example,Ana\n'))).toEqual(['updated']);
    const { id } = await readerBy(publication, 'ana@mail.example');
    await erase(publication, id);
    expect(verdictsOf(await bring(publication, 'email\nana@mail.example\n'))).toEqual(['erased']);
  });

  test('is known by a key that is made once', async () => {
    const publication = await newPublication(app);
    const key = () => app.rows(`select value from instance_settings where name = 'erasure_key'`);
    await erase(publication, (await publication.reader()).id);
    const [made] = await key();
    expect(made!.value).toMatch(/^[0-9a-f]{64}$/);
    await erase(publication, (await publication.reader()).id);
    expect(await key()).toEqual([made]);
  });
});

describe('the referral of a person who is erased', () => {
  test('stays when it counts, is rejected when it was held, and is over when it waited for them', async () => {
    const publication = await newPublication(app);
    const referrer = await publication.reader();
    const verified = await publication.verifiedFriend(referrer.code);
    const waiting = await publication.signUp(undefined, { ref: referrer.code });
    await publication.changeProgram({ holdDays: 3 });
    const held = await publication.signUp(undefined, { ref: referrer.code, confirmed: true });
    for (const { id } of [verified.friend, waiting, held]) await erase(publication, id);
    app.advance(20 * DAY);
    await app.tick();
    expect(await reasonsOf(publication, verified.friend.id)).toEqual(['verified']);
    expect(await reasonsOf(publication, waiting.id)).toEqual(['expired']);
    expect(await reasonsOf(publication, held.id)).toEqual(['rejected', 'left_in_delay']);
    expect(await publication.countOf(referrer.id)).toBe(1);
  });
});

describe('the link of a reader who is erased', () => {
  test('still leads on, and brings them nobody', async () => {
    const publication = await newPublication(app);
    const [gone, other] = [await publication.reader(), await publication.reader()];
    const click = async (code: string) => {
      const answer = await app.http.get(`/r/${code}`).set('user-agent', `Mozilla/5.0 ${code}`);
      expect(answer.status).toBe(302);
      return new URL(answer.headers.location!).searchParams.get('click')!;
    };
    await erase(publication, gone.id);
    const [ofGone, ofOther] = [await click(gone.code), await click(other.code)];
    const signUp = async (body: object) => (await publication.admin.post('/subscribers', body)).body.referral;
    expect(await signUp({ email: 'a@mail.example', ref: gone.code, click: ofGone })).toBeNull();
    const chosen = await signUp({ email: 'b@mail.example', ref: gone.code, clicks: [ofGone, ofOther] });
    expect(chosen.referrer.id).toBe(other.id);
    expect((await app.http.get(`/join/${publication.slug}?ref=${gone.code}`)).text).not.toContain(gone.code);
  });

  test('was followed before: the friend counts and gets theirs, and nothing is granted to who is gone', async () => {
    const publication = await newPublication(app);
    const mine = await publication.milestone({ threshold: 1, every: 1 });
    const theirs = await publication.milestone({ threshold: 1, recipient: 'referred' });
    const gone = await publication.reader();
    const friend = await publication.signUp(undefined, { ref: gone.code });
    await erase(publication, gone.id);
    expect((await publication.admin.post(`/subscribers/${friend.id}/confirm`)).status).toBe(200);
    expect(await reasonsOf(publication, friend.id)).toEqual(['verified']);
    expect(await publication.grants({ milestoneId: mine.id })).toEqual([]);
    expect(await publication.grants({ milestoneId: theirs.id })).toHaveLength(1);
  });
});

test('an address that a reader has left for another one is nobody’s new friend', async () => {
  const publication = await newPublication(app);
  const referrer = await publication.reader('before@mail.example');
  await publication.admin.patch(`/subscribers/${referrer.id}`, { email: 'after@mail.example' });
  const again = await publication.signUp('before@mail.example', { ref: referrer.code, confirmed: true });
  expect(await reasonsOf(publication, again.id)).toEqual(['rejected', 'alias_of_existing']);
});
