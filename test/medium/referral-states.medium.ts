import { describe, expect, test } from 'vitest';
import { ChangeSubscriber } from '../../src/flows/change-subscriber.js';
import { Leave } from '../../src/flows/leave.js';
import { parseAddress } from '../../src/domain/email.js';
import { DAY, HOUR, MINUTE, startApp } from '../support/app.js';
import { newPublication, type TestPublication } from '../support/make.js';

const app = await startApp();

async function confirm(publication: TestPublication, id: string): Promise<number> {
  return (await app.http.post(`/confirm/${await app.confirmToken(publication.id, id)}`)).status;
}

/** Follows a share link as a person with a browser of their own; answers the click id of the redirect. */
let visitors = 0;
async function click(code: string): Promise<string> {
  const { headers } = await app.http
    .get(`/r/${code}`)
    .set('user-agent', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0')
    .set('x-forwarded-for', `198.51.100.${++visitors % 250}`);
  return new URL(headers['location']!).searchParams.get('click')!;
}

async function states(publication: TestPublication, referredId: string): Promise<string[]> {
  const events = await app.rows<{ toState: string }>(
    `select to_state from referral_events where publication_id = $1
     and referral_id = (select id from referrals where publication_id = $1 and referred_id = $2) order by id`,
    [publication.id, referredId],
  );
  return events.map(({ toState }) => toState);
}

async function reasonOf(publication: TestPublication, referredId: string) {
  const { state, reasons } = await publication.referralOf(referredId);
  return [state, ...reasons.map(({ code }) => code)];
}

describe('a referral that is not confirmed', () => {
  test('expires after 14 days, not a moment earlier, and then another link may bind the friend', async () => {
    const publication = await newPublication(app);
    const [first, second] = [await publication.reader(), await publication.reader()];
    const friend = await publication.signUp(undefined, { ref: first.code });
    app.advance(14 * DAY - MINUTE);
    await app.tick();
    expect((await publication.referralOf(friend.id)).state).toBe('pending');
    app.advance(MINUTE);
    await app.tick();
    expect((await publication.referralOf(friend.id)).state).toBe('expired');

    await publication.signUp(friend.email, { ref: second.code });
    expect(await confirm(publication, friend.id)).toBe(200);
    expect([await publication.countOf(first.id), await publication.countOf(second.id)]).toEqual([0, 1]);
    expect(await states(publication, friend.id)).toEqual(['pending', 'expired', 'pending', 'verified']);
  });

  test('does not count when it is confirmed after its 14 days, though no job has run since', async () => {
    const publication = await newPublication(app);
    const reader = await publication.reader();
    const friend = await publication.signUp(undefined, { ref: reader.code });
    app.advance(15 * DAY);
    expect(await confirm(publication, friend.id)).toBe(200); // the mail was never sent, so its link is young
    expect((await publication.referralOf(friend.id)).state).toBe('expired');
    expect(await publication.countOf(reader.id)).toBe(0);
  });

  test('binds its referrer at signup: a second link does not steal the friend', async () => {
    const publication = await newPublication(app);
    const [first, second] = [await publication.reader(), await publication.reader()];
    const friend = await publication.signUp(undefined, { ref: first.code });
    app.advance(HOUR);
    await publication.signUp(friend.email, { ref: second.code });
    await confirm(publication, friend.id);
    expect([await publication.countOf(first.id), await publication.countOf(second.id)]).toEqual([1, 0]);
  });

  test('a friend who signed up without a link is bound by the next signup with one, while unconfirmed', async () => {
    const publication = await newPublication(app);
    const reader = await publication.reader();
    const friend = await publication.signUp();
    await publication.signUp(friend.email, { ref: reader.code });
    await confirm(publication, friend.id);
    expect(await publication.countOf(reader.id)).toBe(1);
  });
});

describe('what a signup is credited to', () => {
  test('a click of 30 days ago counts, an older one does not, and its bare code does not either', async () => {
    const publication = await newPublication(app);
    const reader = await publication.reader();
    const old = await click(reader.code);
    app.advance(30 * DAY - MINUTE);
    const inTime = await publication.signUp(undefined, { click: old });
    app.advance(2 * MINUTE);
    const late = await publication.signUp(undefined, { click: old });
    const lateWithCode = await publication.signUp(undefined, { click: old, ref: reader.code });
    const codeAlone = await publication.signUp(undefined, { ref: reader.code });
    expect((await publication.referralOf(inTime.id)).clickId).not.toBeNull();
    await expect(publication.referralOf(late.id)).rejects.toThrow('referred by nobody');
    await expect(publication.referralOf(lateWithCode.id)).rejects.toThrow('referred by nobody');
    expect((await publication.referralOf(codeAlone.id)).clickId).toBeNull();
  });

  test.each([
    ['first', [1, 0]],
    ['last', [0, 1]],
  ] as const)('of two clicks the %s one wins where the program says so', async (attributionModel, expected) => {
    const publication = await newPublication(app);
    await publication.changeProgram({ attributionModel });
    const [first, second] = [await publication.reader(), await publication.reader()];
    const clicks = [await click(first.code)];
    app.advance(DAY);
    clicks.unshift(await click(second.code)); // the order in which the browser sends them says nothing
    const presented = { ref: first.code, clicks, content: null, channel: null };
    const { id } = await publication.signUp(undefined, { presented });
    await confirm(publication, id);
    expect([await publication.countOf(first.id), await publication.countOf(second.id)]).toEqual(expected);
  });

  test('a forged click, one of another publication and an unknown code fail no signup and tie it to nobody', async () => {
    const [publication, other] = [await newPublication(app), await newPublication(app)];
    const stranger = await other.reader();
    const foreign = await click(stranger.code);
    for (const tie of [
      { click: foreign },
      { ref: stranger.code },
      { click: 'x'.repeat(70) },
      { ref: 'nobody' },
      { ref: '' },
    ]) {
      const friend = await publication.signUp(undefined, tie);
      await expect(publication.referralOf(friend.id), JSON.stringify(tie)).rejects.toThrow('referred by nobody');
    }
    expect(await other.countOf(stranger.id)).toBe(0);
  });
});

describe('a delay', () => {
  test('holds a confirmed friend until it is over, then the schedule counts it and grants what it crosses', async () => {
    const publication = await newPublication(app);
    await publication.changeProgram({ holdDays: 7 });
    const milestone = await publication.milestone({ threshold: 1 });
    const reader = await publication.reader();
    const friend = await publication.signUp(undefined, { ref: reader.code });
    await confirm(publication, friend.id);
    const held = await publication.referralOf(friend.id);
    expect([held.state, held.heldFor]).toEqual(['held', 'delay']);
    app.advance(7 * DAY - MINUTE);
    await app.tick();
    expect(await publication.countOf(reader.id)).toBe(0);
    app.advance(MINUTE);
    await app.tick();
    expect((await publication.referralOf(friend.id)).state).toBe('verified');
    expect((await publication.grants({ milestoneId: milestone.id })).map(({ status }) => status)).toEqual(['sent']);
    expect(await states(publication, friend.id)).toEqual(['pending', 'held', 'verified']);
  });

  test('refuses a friend who leaves while it lasts, and coming back within it changes nothing', async () => {
    const publication = await newPublication(app);
    await publication.changeProgram({ holdDays: 7 });
    const reader = await publication.reader();
    const friend = await publication.signUp(undefined, { ref: reader.code });
    await confirm(publication, friend.id);
    await app.get(Leave).run(publication.id, friend.id, 'unsubscribed', 'mail');
    expect(await reasonOf(publication, friend.id)).toEqual(['rejected', 'left_in_delay']);
    await publication.signUp(friend.email, { ref: reader.code, confirmed: true });
    app.advance(8 * DAY);
    await app.tick();
    expect(await reasonOf(publication, friend.id)).toEqual(['rejected', 'left_in_delay']);
    expect(await publication.countOf(reader.id)).toBe(0);
  });
});

describe('a reader who has not confirmed and signs up by their own link', () => {
  test('is brought by nobody, and by the next one whose link they use', async () => {
    const publication = await newPublication(app);
    const reader = await publication.reader();
    const { id, email } = await publication.signUp();
    const code = await publication.codeOf(id);
    expect(await publication.signUp(email, { ref: code })).toMatchObject({ id });
    expect((await publication.admin.get('/referrals')).body.data).toEqual([]);
    await publication.signUp(email, { ref: reader.code, confirmed: true });
    expect(await publication.referralOf(id)).toMatchObject({ state: 'verified', reasons: [] });
    expect(await publication.countOf(reader.id)).toBe(1);
  });
});

describe('a friend who does not count', () => {
  const hard: [
    why: string,
    reason: string,
    friend: string,
    before?: (p: TestPublication, email: string) => Promise<unknown>,
  ][] = [
    ['has the referrer’s own address', 'self_referral', 'Ref.Errer@gmail.com'],
    ['has an alias of the referrer’s address', 'alias_of_referrer', 'referrer+friend@googlemail.com'],
    [
      'has an alias of an earlier reader',
      'alias_of_existing',
      'an.older.one@gmail.com',
      (publication) => publication.reader('anolderone@gmail.com'),
    ],
    [
      'has an alias of a reader who has left',
      'alias_of_existing',
      'gone+1@mail.example',
      async (publication) => {
        const { id } = await publication.reader('gone@mail.example');
        await app.get(Leave).run(publication.id, id, 'unsubscribed', 'mail');
      },
    ],
    ['reads already', 'already_subscribed', 'reads@mail.example', (publication, email) => publication.reader(email)],
    [
      'has read and left',
      'already_subscribed',
      'left@mail.example',
      async (publication, email) => {
        const { id } = await publication.reader(email);
        await app.get(Leave).run(publication.id, id, 'unsubscribed', 'api');
      },
    ],
    [
      'has bounced before',
      'already_subscribed',
      'bounced@mail.example',
      async (publication, email) => {
        const { id } = await publication.reader(email);
        await app.get(Leave).run(publication.id, id, 'bounced', 'mail');
      },
    ],
    ['has a throw-away address', 'disposable_domain', 'somebody@mailinator.com'],
  ];

  test.each(hard)('%s: %s', async (_, reason, email, before) => {
    const publication = await newPublication(app);
    await publication.milestone({ threshold: 1 });
    const reader = await publication.reader('ref.errer@gmail.com');
    await before?.(publication, email);
    const friend = await publication.signUp(email, { ref: reader.code });
    if (friend.status === 'pending') await confirm(publication, friend.id);
    expect(await reasonOf(publication, friend.id)).toEqual(['rejected', reason]);
    expect(await publication.countOf(reader.id)).toBe(0);
    expect(await publication.grants({ subscriberId: reader.id })).toEqual([]);
    await app.tick();
    expect(await reasonOf(publication, friend.id)).toEqual(['rejected', reason]);
  });

  test('reads all the same: whoever confirms is subscribed and gets a link, counted or not', async () => {
    const publication = await newPublication(app);
    const reader = await publication.reader('host@gmail.com');
    const alias = await publication.signUp('host+me@gmail.com', { ref: reader.code });
    await confirm(publication, alias.id);
    const { body } = await publication.admin.get(`/subscribers/${alias.id}`);
    expect([body.status, body.shareCode, body.referredBy.state]).toEqual(['active', expect.any(String), 'rejected']);
  });

  test('an earlier signup that was never confirmed takes nothing from a later alias', async () => {
    const publication = await newPublication(app);
    const reader = await publication.reader();
    await publication.signUp('twin+1@gmail.com', { ref: reader.code });
    const second = await publication.signUp('twin@gmail.com', { ref: reader.code });
    await confirm(publication, second.id);
    expect(await reasonOf(publication, second.id)).toEqual(['verified']);
  });
});

describe('a referral that counts', () => {
  test('counts on when the friend leaves, and coming back by another link earns nobody anything', async () => {
    const publication = await newPublication(app);
    const [first, second] = [await publication.reader(), await publication.reader()];
    const { friend } = await publication.verifiedFriend(first.code);
    await app.get(Leave).run(publication.id, friend.id, 'unsubscribed', 'mail');
    expect([(await publication.referralOf(friend.id)).state, await publication.countOf(first.id)]).toEqual([
      'verified',
      1,
    ]);

    const again = await publication.signUp(friend.email, { ref: second.code });
    expect([again.id, again.status]).toEqual([friend.id, 'pending']);
    app.advance(DAY);
    await publication.signUp(friend.email, { ref: second.code });
    expect(await confirm(publication, friend.id)).toBe(200);
    const { body } = await publication.admin.get(`/subscribers/${friend.id}`);
    expect([body.status, body.shareCode]).toEqual(['active', await publication.codeOf(friend.id)]);
    expect([await publication.countOf(first.id), await publication.countOf(second.id)]).toEqual([1, 0]);
  });

  test('a reader who changes address keeps link, count and rewards', async () => {
    const publication = await newPublication(app);
    await publication.milestone({ threshold: 1 });
    const reader = await publication.reader();
    await publication.verifiedFriend(reader.code);
    const parsed = parseAddress('moved@mail.example');
    if (!parsed.ok) throw new Error(parsed.message);
    await app.get(ChangeSubscriber).run(publication.id, reader.id, { email: parsed.address });
    await publication.verifiedFriend(reader.code);
    const { body } = await publication.admin.get(`/subscribers/${reader.id}`);
    expect([body.email, body.shareCode, body.referralCount]).toEqual(['moved@mail.example', reader.code, 2]);
    expect(await publication.grants({ subscriberId: reader.id })).toHaveLength(1);
    await app.tick();
    expect((await app.mails('moved@mail.example')).map(({ subject }) => subject)).toContainEqual(
      expect.stringContaining('for you'),
    );
  });

  test('who has not confirmed is asked at the new address, and the button in the old mailbox confirms nobody', async () => {
    const publication = await newPublication(app);
    const reader = await publication.signUp('old@mail.example');
    const old = await app.confirmToken(publication.id, reader.id);
    await app.tick();
    await publication.admin.patch(`/subscribers/${reader.id}`, { email: 'new@post.example' });
    expect((await app.http.get(`/confirm/${old}`)).status).toBe(410);
    expect((await app.http.post(`/confirm/${old}`)).status).toBe(410);
    const status = async () => (await publication.admin.get(`/subscribers/${reader.id}`)).body.status as string;
    expect(await status()).toBe('pending');
    await app.tick();
    const mails = await app.mails('new@post.example');
    expect(mails).toHaveLength(1);
    const path = /\/confirm\/[\w-]+/.exec(mails[0]!.text)![0];
    expect((await app.http.post(path)).status).toBe(200);
    expect(await status()).toBe('active');
  });

  test('an address that a reader gave up is no new reader, whoever refers it', async () => {
    const publication = await newPublication(app);
    const reader = await publication.reader('first@mail.example');
    await publication.admin.patch(`/subscribers/${reader.id}`, { email: 'second@mail.example' });
    const other = await publication.reader();
    for (const [email, ref] of [
      ['first@mail.example', reader.code],
      ['first+again@mail.example', other.code],
    ] as const) {
      const { referral } = await publication.verifiedFriend(ref, email);
      expect([referral.state, referral.reasons.length], email).toEqual(['rejected', 1]);
    }
    expect((await publication.admin.get(`/subscribers/${reader.id}`)).body.referralCount).toBe(0);
  });

  test('facts about a reader are added to, corrected and taken away, by PATCH and by another signup with a key', async () => {
    const publication = await newPublication(app);
    const reader = await publication.reader('facts@mail.example', { attributes: { company: 'Acme', seats: 3 } });
    const patched = await publication.admin.patch(`/subscribers/${reader.id}`, {
      attributes: { seats: 4, role: 'Baker', company: null },
      heardFrom: 'a podcast',
    });
    expect(patched.body).toMatchObject({ attributes: { seats: 4, role: 'Baker' }, heardFrom: 'a podcast' });
    expect(patched.body.attributes).not.toHaveProperty('company');
    const again = await publication.admin.post('/subscribers', { email: reader.email, attributes: { plan: 'pro' } });
    expect([again.status, again.body.subscriber.attributes]).toEqual([200, { seats: 4, role: 'Baker', plan: 'pro' }]);
  });

  test('an address that somebody has cannot be moved to, and nothing changes', async () => {
    const publication = await newPublication(app);
    const [one, other] = [await publication.reader(), await publication.reader()];
    const answer = await publication.admin.patch(`/subscribers/${one.id}`, { email: other.email, firstName: 'Eve' });
    expect([answer.status, answer.body.code]).toEqual([409, 'subscriber/email-taken']);
    const { body } = await publication.admin.get(`/subscribers/${one.id}`);
    expect([body.email, body.firstName]).toEqual([one.email, null]);
  });
});
