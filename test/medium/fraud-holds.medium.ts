import { describe, expect, test } from 'vitest';
import { Engage } from '../../src/flows/engage.js';
import { Leave } from '../../src/flows/leave.js';
import { SettleHeld } from '../../src/flows/settle-held.js';
import { SettleReferrals } from '../../src/flows/settle-referrals.js';
import { lockReferralOf } from '../../src/referrals/referral.store.js';
import { DAY, HOUR, MINUTE, startApp } from '../support/app.js';
import { newPublication, range, type TestPublication } from '../support/make.js';

const app = await startApp();

async function confirm(publication: TestPublication, id: string): Promise<void> {
  const answer = await app.http.post(`/confirm/${await app.confirmToken(publication.id, id)}`);
  expect(answer.status).toBe(200);
}

async function referred(publication: TestPublication) {
  const reader = await publication.reader();
  const friend = await publication.signUp(undefined, { ref: reader.code });
  await confirm(publication, friend.id);
  return { reader, friend };
}

/** A click in a mail, as an event of the mail platform tells it. */
function engage(publication: TestPublication, id: string, at = app.clock.now()): Promise<void> {
  return app.database.transaction((tx) => app.get(Engage).within(tx, publication.id, id, at));
}

async function standing(publication: TestPublication, id: string): Promise<string> {
  const { state, heldFor } = await publication.referralOf(id);
  return heldFor ?? state;
}

/** Every step of a referral as its events keep it, and who made it. */
async function steps(publication: TestPublication, id: string): Promise<string[]> {
  const { id: referralId } = await publication.referralOf(id);
  const events = await app.rows<{ toState: string; heldFor: string | null; actor: string }>(
    `select to_state, held_for, actor from referral_events where publication_id = $1 and referral_id = $2 order by id`,
    [publication.id, referralId],
  );
  return events.map(({ toState, heldFor, actor }) => `${heldFor ?? toState} by ${actor}`);
}

/** Puts a confirmed referral before a reviewer, as an appeal does. */
async function putBeforeReviewer(publication: TestPublication, id: string): Promise<void> {
  await app.rows(
    `update referrals set state = 'held', held_for = 'review', held_until = null where publication_id = $1 and referred_id = $2`,
    [publication.id, id],
  );
}

function reviewed(publication: TestPublication, id: string): Promise<string> {
  return app.database.transaction(async (tx) => {
    const referral = await lockReferralOf(tx, publication.id, id);
    return app.get(SettleHeld).next(tx, referral!, app.clock.now(), 'editor');
  });
}

describe('a program that asks for a click in a mail', () => {
  test('counts a friend at their first click, not before, and once', async () => {
    const publication = await newPublication(app);
    await publication.changeProgram({ requireEngagement: true });
    const { reader, friend } = await referred(publication);
    expect(await standing(publication, friend.id)).toBe('engagement');
    app.advance(20 * DAY);
    await app.tick();
    expect(await publication.countOf(reader.id)).toBe(0);
    await Promise.all(range(50).map(() => engage(publication, friend.id)));
    expect(await publication.countOf(reader.id)).toBe(1);
    expect(await steps(publication, friend.id)).toEqual([
      'pending by reader',
      'engagement by reader',
      'verified by reader',
    ]);
  });

  test('asks for the delay first, and remembers a click of that time', async () => {
    const publication = await newPublication(app);
    await publication.changeProgram({ requireEngagement: true, holdDays: 3 });
    const [early, late] = [await referred(publication), await referred(publication)];
    app.advance(HOUR);
    await engage(publication, early.friend.id);
    expect(await standing(publication, early.friend.id)).toBe('delay');
    app.advance(3 * DAY);
    await app.tick();
    expect(await standing(publication, early.friend.id)).toBe('verified');
    expect(await standing(publication, late.friend.id)).toBe('engagement');
    await engage(publication, late.friend.id);
    expect(await steps(publication, late.friend.id)).toEqual([
      'pending by reader',
      'delay by reader',
      'engagement by schedule',
      'verified by reader',
    ]);
  });

  test('takes no click of a time before the confirmation, of an unconfirmed friend or of one whom nobody referred', async () => {
    const publication = await newPublication(app);
    await publication.changeProgram({ requireEngagement: true });
    const { reader, friend } = await referred(publication);
    await engage(publication, friend.id, new Date(app.clock.now().getTime() - HOUR));
    const unconfirmed = await publication.signUp(undefined, { ref: reader.code });
    await engage(publication, unconfirmed.id);
    await engage(publication, reader.id);
    await confirm(publication, unconfirmed.id);
    expect([await standing(publication, friend.id), await standing(publication, unconfirmed.id)]).toEqual([
      'engagement',
      'engagement',
    ]);
  });

  test('lets all go who wait for a click when it asks for none any more', async () => {
    const publication = await newPublication(app);
    await publication.changeProgram({ requireEngagement: true });
    const { reader, friend } = await referred(publication);
    await publication.changeProgram({ requireEngagement: false });
    await Promise.all(range(5).map(() => app.get(SettleReferrals).run(publication.id)));
    expect(await steps(publication, friend.id)).toEqual([
      'pending by reader',
      'engagement by reader',
      'verified by schedule',
    ]);
    expect(await publication.countOf(reader.id)).toBe(1);
  });

  test('refuses a friend who leaves while it waits', async () => {
    const publication = await newPublication(app);
    await publication.changeProgram({ requireEngagement: true });
    const { friend } = await referred(publication);
    await app.get(Leave).run(publication.id, friend.id, 'unsubscribed', 'mail');
    const { state, reasons } = await publication.referralOf(friend.id);
    expect([state, reasons.map(({ code }) => code)]).toEqual(['rejected', ['left_in_delay']]);
  });
});

describe('a review that is over', () => {
  test('leads into the rest of the delay, counted from the confirmation, and then to the click', async () => {
    const publication = await newPublication(app);
    await publication.changeProgram({ requireEngagement: true, holdDays: 5 });
    const { friend } = await referred(publication);
    await putBeforeReviewer(publication, friend.id);
    app.advance(2 * DAY);
    expect(await reviewed(publication, friend.id)).toBe('held');
    expect(await standing(publication, friend.id)).toBe('delay');
    app.advance(3 * DAY - MINUTE);
    await app.tick();
    expect(await standing(publication, friend.id)).toBe('delay');
    app.advance(MINUTE);
    await app.tick();
    expect(await standing(publication, friend.id)).toBe('engagement');
    expect(await reviewed(publication, friend.id)).toBe('held');
    expect((await steps(publication, friend.id)).slice(2)).toEqual(['delay by editor', 'engagement by schedule']);
  });

  test('counts at once a friend who has had both meanwhile, and one whom nothing else holds', async () => {
    const publication = await newPublication(app);
    await publication.changeProgram({ requireEngagement: true, holdDays: 5 });
    const { friend } = await referred(publication);
    await putBeforeReviewer(publication, friend.id);
    app.advance(6 * DAY);
    await engage(publication, friend.id);
    await app.tick();
    expect(await standing(publication, friend.id)).toBe('review');
    expect(await reviewed(publication, friend.id)).toBe('verified');
  });

  test('does not make a friend wait who has left: the reviewer knew', async () => {
    const publication = await newPublication(app);
    await publication.changeProgram({ requireEngagement: true, holdDays: 5 });
    const { reader, friend } = await referred(publication);
    await app.get(Leave).run(publication.id, friend.id, 'unsubscribed', 'mail');
    await putBeforeReviewer(publication, friend.id);
    expect(await reviewed(publication, friend.id)).toBe('verified');
    expect(await publication.countOf(reader.id)).toBe(1);
  });
});

test('the settings are stored, answered and kept where a change names others', async () => {
  const publication = await newPublication(app);
  const patch = async (body: object) => (await publication.admin.patch('/programs/default', body)).body as object;
  expect((await publication.admin.get('/programs/default')).body).toMatchObject({
    verification: { doubleOptIn: true, holdDays: 0, requireEngagement: false },
    fraud: { level: 'flexible' },
  });
  await patch({ verification: { requireEngagement: true, doubleOptIn: false }, fraud: { level: 'very_strong' } });
  expect(await patch({ verification: { holdDays: 30 } })).toMatchObject({
    verification: { doubleOptIn: false, holdDays: 30, requireEngagement: true },
    fraud: { level: 'very_strong' },
  });
});
