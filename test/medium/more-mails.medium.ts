import { describe, expect, test } from 'vitest';
import { RemindReviewers } from '../../src/flows/remind-reviewers.js';
import { RemindToConfirm } from '../../src/flows/remind-to-confirm.js';
import { ReviewReferrals } from '../../src/flows/review-referrals.js';
import { WarnOfStock } from '../../src/flows/warn-of-stock.js';
import { DAY, HOUR, MINUTE, startApp } from '../support/app.js';
import { inFlight, newPublication, range, type TestPublication } from '../support/make.js';

/* Mails that come later than what they tell of, or of what somebody else decided; each once, and none when it has become untrue. */

const app = await startApp();
app.clock.set(new Date('2026-11-20T10:00:00Z'));
const BY = { actor: 'operator', role: 'operator' } as const;

const subjects = async (email: string) => (await app.mails(email)).map(({ subject }) => subject);
const mailsOf = (publication: TestPublication, message: string) =>
  app.rows<{ state: string; lastError: string | null }>(
    'select state, last_error from mails where publication_id = $1 and message = $2',
    [publication.id, message],
  );

describe('a confirm mail that nobody answers', () => {
  test('is followed by one reminder after a day, whose link confirms, and by no second', async () => {
    const publication = await newPublication(app, { name: 'The Loaf' });
    const { id } = await publication.signUp('slow@mail.example');
    await app.tick();
    app.advance(DAY - MINUTE);
    await app.tick();
    expect(await subjects('slow@mail.example')).toHaveLength(1);
    app.advance(2 * MINUTE);
    await inFlight(10, range(10), () => app.get(RemindToConfirm).run());
    await app.tick();
    expect((await subjects('slow@mail.example')).slice(1)).toEqual(['The Loaf is still one press away']);
    const { text } = (await app.mails('slow@mail.example')).at(-1)!;
    const link = new URL(/http\S+\/confirm\/\S+/.exec(text)![0]);
    app.advance(DAY);
    await app.tick();
    expect(await subjects('slow@mail.example')).toHaveLength(2);
    expect((await app.http.post(link.pathname)).status).toBe(200);
    const [reader] = await app.rows('select status from subscribers where id = $1', [id]);
    expect(reader).toEqual({ status: 'active' });
  });

  test('is not followed by anything for who confirmed, and not after three days', async () => {
    const publication = await newPublication(app);
    await publication.reader('quick@mail.example');
    await publication.signUp('away@mail.example');
    await app.tick();
    app.advance(4 * DAY);
    await app.tick();
    expect(await mailsOf(publication, 'confirm-reminder')).toEqual([]);
  });
});

describe('a reward that is released later', () => {
  test('is told of without its code, and not where it comes at once', async () => {
    const publication = await newPublication(app);
    const { id: rewardId } = await publication.coupon(['SECRET-CODE']);
    await publication.milestone({ threshold: 1, rewardId, holdDays: 7 });
    await publication.milestone({ threshold: 1, rewardId: (await publication.reward({ name: 'At once' })).id });
    const { code, email } = await publication.reader();
    await publication.verifiedFriend(code);
    await app.tick();
    const told = (await app.mails(email)).filter(({ subject }) => subject.startsWith('You have earned'));
    expect(told).toHaveLength(1);
    expect(`${told[0]!.text}${told[0]!.html}`).not.toContain('SECRET-CODE');
    expect(await mailsOf(publication, 'reward-earned')).toHaveLength(1);
  });

  test('is not told of any more when it was taken back before the mail had its turn', async () => {
    const publication = await newPublication(app);
    await publication.milestone({ threshold: 1, holdDays: 7 });
    const { code } = await publication.reader();
    await publication.verifiedFriend(code);
    await app.rows(`update grants set status = 'revoked' where publication_id = $1`, [publication.id]);
    await app.tick();
    const [mail] = await mailsOf(publication, 'reward-earned');
    expect(mail).toEqual({ state: 'suppressed', lastError: 'there is nothing to tell any more' });
  });

  test('of one that a person approves first, the mail says so', async () => {
    const publication = await newPublication(app);
    await publication.milestone({ threshold: 1, approval: 'manual' });
    const { code, email } = await publication.reader();
    await publication.verifiedFriend(code);
    await app.tick();
    expect((await app.mails(email)).at(-1)!.text).toContain('takes a look first');
  });
});

describe('a friend who is refused after confirming', () => {
  const refusedMails = async (email: string) =>
    (await app.mails(email)).filter(({ subject }) => subject.startsWith('One friend does not count'));

  test('is told of with the reason and the way to an appeal, which works', async () => {
    const publication = await newPublication(app);
    const { code, email } = await publication.reader();
    await publication.signUp('zoe@mailinator.com', { ref: code, confirmed: true });
    await app.tick();
    const [mail] = await refusedMails(email);
    expect(mail!.text).toContain('begins with "z"');
    expect(mail!.text).not.toContain('mailinator');
    const appeal = new URL(/http\S+\/appeal/.exec(mail!.text)![0]);
    expect((await app.http.get(appeal.pathname)).status).toBe(200);
  });

  test('is told of once by a reviewer’s no, and not where that was taken back before the mail had its turn', async () => {
    const publication = await newPublication(app);
    const { code, email } = await publication.reader();
    await publication.changeProgram({ holdDays: 30 });
    const { referral } = await publication.verifiedFriend(code);
    await app.rows(`update referrals set held_for = 'review', held_until = null where id = $1`, [referral.id]);
    const decide = (decision: 'approve' | 'reject') =>
      app.get(ReviewReferrals).run(publication.id, { ids: [referral.id], decision, note: null }, BY);
    await inFlight(5, range(5), () => decide('reject'));
    expect(await mailsOf(publication, 'referral-refused')).toHaveLength(1);
    await decide('approve');
    await app.tick();
    expect(await refusedMails(email)).toEqual([]);
  });
});

describe('who works on the publication hears', () => {
  test('once a morning of referrals that have waited for a day', async () => {
    const publication = await newPublication(app, { timezone: 'UTC', fromEmail: 'editor@review.example' });
    const { code } = await publication.reader();
    await publication.changeProgram({ holdDays: 30 });
    const { referral } = await publication.verifiedFriend(code);
    await app.rows(`update referrals set held_for = 'review', held_until = null where id = $1`, [referral.id]);
    app.advance(2 * DAY);
    await inFlight(5, range(5), () => app.get(RemindReviewers).run(app.clock.now()));
    await app.tick();
    expect(await subjects('editor@review.example')).toEqual(['1 referral waits for a reviewer']);
    expect((await app.mails('editor@review.example'))[0]!.text).toContain(`/admin/p/${publication.slug}/review`);
    app.advance(DAY + HOUR);
    await app.tick();
    expect(await subjects('editor@review.example')).toHaveLength(2);
  });

  test('once of a pool that runs empty, and again after a refill', async () => {
    const publication = await newPublication(app, { fromEmail: 'editor@stock.example' });
    const { id: rewardId, name } = await publication.coupon(range(30).map((n) => `CODE-${n}`));
    await publication.milestone({ threshold: 1, every: 1, rewardId });
    const { code } = await publication.reader();
    const warn = () => inFlight(5, range(5), () => app.get(WarnOfStock).run());
    for (let n = 0; n < 4; n += 1) await publication.verifiedFriend(code);
    await app.tick();
    expect(await subjects('editor@stock.example')).toEqual([]);
    await publication.verifiedFriend(code);
    await app.tick();
    await warn();
    await app.tick();
    const left = `25 codes left of ${name}`;
    expect(await subjects('editor@stock.example')).toEqual([left]);
    await publication.admin.post(`/rewards/${rewardId}/codes`).type('text/csv').send('code\nONE-MORE');
    await publication.verifiedFriend(code);
    await app.tick();
    expect(await subjects('editor@stock.example')).toEqual([left, left]);
  });
});
