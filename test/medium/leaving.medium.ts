import { describe, expect, test } from 'vitest';
import { Appeal } from '../../src/flows/appeal.js';
import { Engage } from '../../src/flows/engage.js';
import { Erase } from '../../src/flows/erase.js';
import { Leave } from '../../src/flows/leave.js';
import { Reconcile } from '../../src/flows/reconcile.js';
import { ReviewReferrals } from '../../src/flows/review-referrals.js';
import { DAY, startApp } from '../support/app.js';
import { newPublication, type TestPublication } from '../support/make.js';

/* Friends who leave, bounce, are erased, change their address or come back: what counts goes on counting, what waits is over. */

const app = await startApp();
const OPERATOR = { actor: 'operator', role: 'operator' } as const;
type Way = 'unsubscribed' | 'bounced' | 'erased';

async function goes(publication: TestPublication, id: string, how: Way): Promise<void> {
  if (how === 'erased') await app.get(Erase).run(publication.id, id);
  else await app.get(Leave).run(publication.id, id, how, 'mail');
}

async function standing(publication: TestPublication, id: string): Promise<string[]> {
  const { state, heldFor, reasons } = await publication.referralOf(id);
  return [heldFor ?? state, ...reasons.map(({ code }) => code)];
}

const byKey = (ref: string) => ({ ref, confirmed: true, source: 'api' }) as const;
const seatOf = (browserOf: string) => ({ from: { ip: null, userAgent: null, browserOf, fillMs: 10 } });

describe.each(['unsubscribed', 'bounced', 'erased'] as const)('a friend who is %s', (how) => {
  test('goes on counting, for a milestone too that comes later', async () => {
    const publication = await newPublication(app);
    const reader = await publication.reader();
    const { friend } = await publication.verifiedFriend(reader.code);
    await goes(publication, friend.id, how);
    expect([await standing(publication, friend.id), await publication.countOf(reader.id)]).toEqual([['verified'], 1]);
    const milestone = await publication.milestone({ threshold: 2 });
    await publication.verifiedFriend(reader.code);
    expect(await publication.grants({ milestoneId: milestone.id })).toHaveLength(1);
    expect(await app.get(Reconcile).find(publication.id)).toEqual([]);
  });

  test.each([
    ['delay', { holdDays: 3 }, []],
    ['engagement', { requireEngagement: true }, []],
    ['review', {}, ['same_device', 'machine_signs']],
  ] as const)('while held for %s is refused for that, once', async (heldFor, settings, signs) => {
    const publication = await newPublication(app);
    await publication.changeProgram(settings);
    const reader = await publication.reader();
    const odd = heldFor === 'review' ? seatOf(reader.id) : {};
    const friend = await publication.signUp(undefined, { ...byKey(reader.code), ...odd });
    expect(await standing(publication, friend.id)).toEqual([heldFor, ...signs]);
    await goes(publication, friend.id, how);
    await goes(publication, friend.id, how);
    app.advance(20 * DAY);
    await app.tick();
    expect(await standing(publication, friend.id)).toEqual(['rejected', ...signs, 'left_in_delay']);
    expect(await publication.countOf(reader.id)).toBe(0);
  });

  test('before confirming is no referral that counts, unless they come back in time and confirm', async () => {
    const publication = await newPublication(app);
    const reader = await publication.reader();
    const { id, email } = await publication.signUp(undefined, { ref: reader.code });
    await goes(publication, id, how);
    expect(await standing(publication, id)).toEqual([how === 'erased' ? 'expired' : 'pending']);
    const back = await publication.signUp(email, { ref: reader.code, confirmed: true });
    expect([await standing(publication, back.id), await publication.countOf(reader.id)]).toEqual([['verified'], 1]);
    expect(back.id === id).toBe(how !== 'erased');
  });
});

describe('who comes back', () => {
  test('and leaves again has the reason once, and a reviewer who knows of it lets them count', async () => {
    const publication = await newPublication(app);
    await publication.changeProgram({ holdDays: 7, requireEngagement: true });
    const reader = await publication.reader();
    const { friend, referral } = await publication.verifiedFriend(reader.code);
    await app.database.transaction(async (tx) => {
      // As an appeal leaves it, which is open to who was refused for something else.
      await tx.query(`update referrals set state = 'held', held_for = 'review' where publication_id = $1`, [publication.id]);
    }); // prettier-ignore
    await goes(publication, friend.id, 'unsubscribed');
    await publication.signUp(friend.email, byKey(reader.code));
    await app.database.transaction(async (tx) => {
      await tx.query(`update referrals set state = 'held', held_for = 'review' where publication_id = $1`, [publication.id]);
    }); // prettier-ignore
    await goes(publication, friend.id, 'bounced');
    expect(await standing(publication, friend.id)).toEqual(['rejected', 'left_in_delay']);
    await app
      .get(ReviewReferrals)
      .run(publication.id, { ids: [referral.id], decision: 'approve', note: null }, OPERATOR);
    expect([await standing(publication, friend.id), await publication.countOf(reader.id)]).toEqual([
      ['verified', 'left_in_delay'],
      1,
    ]);
  });

  test('was refused as known, is let through on appeal, and then counts at the click that the program waits for', async () => {
    const publication = await newPublication(app);
    await publication.changeProgram({ requireEngagement: true });
    const reader = await publication.reader();
    const known = await publication.reader();
    await goes(publication, known.id, 'unsubscribed');
    await publication.signUp(known.email, byKey(reader.code));
    const { id } = await publication.referralOf(known.id);
    expect(await app.get(Appeal).run(publication.id, reader.id, id, null)).toBe('asked');
    await app.get(ReviewReferrals).run(publication.id, { ids: [id], decision: 'approve', note: null }, OPERATOR);
    expect(await standing(publication, known.id)).toEqual(['engagement', 'already_subscribed']);
    await app.database.transaction((tx) => app.get(Engage).within(tx, publication.id, known.id, app.clock.now()));
    expect(await standing(publication, known.id)).toEqual(['verified', 'already_subscribed']);
  });
});

test.each(['unsubscribed', 'bounced'] as const)('a friend who %s, is appealed for and then erased waits for nobody', async (how) => {
  const publication = await newPublication(app);
  const reader = await publication.reader();
  const friend = await publication.signUp('gone@mailinator.com', byKey(reader.code));
  await goes(publication, friend.id, how);
  const { id } = await publication.referralOf(friend.id);
  expect(await app.get(Appeal).run(publication.id, reader.id, id, null)).toBe('asked');
  expect(await standing(publication, friend.id)).toEqual(['review', 'disposable_domain']);
  await goes(publication, friend.id, 'erased');
  expect(await standing(publication, friend.id)).toEqual(['rejected', 'disposable_domain', 'left_in_delay']);
  expect(await app.get(Reconcile).find(publication.id)).toEqual([]);
}); // prettier-ignore

describe('a friend who changes the address', () => {
  test.each([
    ['one that a reader gave up', 'alias_of_existing'],
    ['one whose reader is erased', 'alias_of_existing'],
    ['an alias of the referrer', 'alias_of_referrer'],
    ['one that somebody typed and never confirmed', null],
    ['one of nobody', null],
  ])('before confirming to %s: %s', async (to, reason) => {
    const publication = await newPublication(app);
    const reader = await publication.reader('host@gmail.com');
    const friend = await publication.signUp(undefined, { ref: reader.code });
    const email = to.includes('alias') ? 'host+2@gmail.com' : 'once@mail.example';
    if (to.includes('gave up')) {
      const { id } = await publication.reader(email);
      await publication.admin.patch(`/subscribers/${id}`, { email: 'elsewhere@mail.example' });
    }
    if (to.includes('erased')) await goes(publication, (await publication.reader(email)).id, 'erased');
    if (to.includes('never')) await goes(publication, (await publication.signUp(email)).id, 'erased');
    expect((await publication.admin.patch(`/subscribers/${friend.id}`, { email })).status).toBe(200);
    expect((await publication.admin.post(`/subscribers/${friend.id}/confirm`)).status).toBe(200);
    expect(await standing(publication, friend.id)).toEqual(reason === null ? ['verified'] : ['rejected', reason]);
    expect(await publication.countOf(reader.id)).toBe(reason === null ? 1 : 0);
  });

  test('and counts already goes on counting, whatever the new one was before', async () => {
    const publication = await newPublication(app);
    const reader = await publication.reader();
    const { friend } = await publication.verifiedFriend(reader.code);
    await goes(publication, (await publication.reader('once@mail.example')).id, 'erased');
    expect((await publication.admin.patch(`/subscribers/${friend.id}`, { email: 'once@mail.example' })).status).toBe(200);
    expect([await standing(publication, friend.id), await publication.countOf(reader.id)]).toEqual([['verified'], 1]);
  }); // prettier-ignore
});
