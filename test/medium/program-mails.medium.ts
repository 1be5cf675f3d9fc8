import { describe, expect, test } from 'vitest';
import { SendMails } from '../../src/flows/send-mails.js';
import { DAY, HOUR, MINUTE, startApp } from '../support/app.js';
import { inFlight, newPublication, range, type TestPublication } from '../support/make.js';

const app = await startApp();

/** The clock only goes forward: to the next time of this hour, in UTC. */
function untilHour(hour: number): void {
  const now = app.clock.now();
  const then = new Date(now);
  then.setUTCHours(hour, 0, 0, 0);
  app.clock.set(then <= now ? new Date(then.getTime() + DAY) : then);
}

const send = () => app.get(SendMails).run();

async function told(email: string): Promise<string[]> {
  return (await app.mails(email)).map(({ subject }) => subject).filter((subject) => !subject.startsWith('Welcome'));
}

/** What became of the mails about sharing to a reader. */
async function fates(subscriberId: string): Promise<string[]> {
  const found = await app.rows(
    `select message || ' ' || state || coalesce(': ' || last_error, '') as fate from mails where subscriber_id = $1 and message <> 'welcome' order by id`,
    [subscriberId],
  );
  return found.map(({ fate }) => fate);
}

async function friends(publication: TestPublication, code: string, count: number): Promise<void> {
  for (let made = 0; made < count; made += 1) await publication.verifiedFriend(code);
}

describe('friends who count', () => {
  test('the first is told of at once, those of the next hour together, with what is still to go', async () => {
    untilHour(10);
    const publication = await newPublication(app);
    await publication.milestone({ threshold: 9, rewardId: (await publication.reward({ name: 'An apron' })).id });
    const { email, code } = await publication.reader();
    await friends(publication, code, 1);
    await send();
    expect(await told(email)).toEqual(['Your first friend is in']);
    await friends(publication, code, 3);
    app.advance(59 * MINUTE);
    await send();
    expect(await told(email)).toHaveLength(1);
    app.advance(MINUTE);
    await send();
    expect(await told(email)).toEqual(['Your first friend is in', '3 more friends are in, 4 in all']);
    expect((await app.mails(email)).at(-1)!.text).toContain('5 more friends for An apron (4 of 9)');
  });

  test('fifty at once are one mail', async () => {
    untilHour(10);
    const publication = await newPublication(app);
    const { email, code } = await publication.reader();
    await inFlight(50, range(50), () => publication.verifiedFriend(code));
    app.advance(HOUR);
    await inFlight(5, range(5), send);
    expect(await told(email)).toEqual(['50 more friends are in, 50 in all']);
  });

  test('one who brings a thank-you, or was taken back meanwhile, is told of by no second mail', async () => {
    untilHour(10);
    const publication = await newPublication(app);
    await publication.milestone({ threshold: 2 });
    const { id, email, code } = await publication.reader();
    const { referral } = await publication.verifiedFriend(code);
    await app.rows(`update referrals set state = 'reversed' where id = $1`, [referral.id]);
    await send();
    expect(await fates(id)).toEqual(['first-referral suppressed: there is nothing to tell any more']);
    await publication.verifiedFriend(code);
    app.advance(HOUR);
    await app.tick();
    expect(await told(email)).toEqual([expect.stringContaining('Reward')]);
  });
});

describe('pace', () => {
  test('no mail about sharing comes by night, on the clocks of the reader', async () => {
    untilHour(22);
    const publication = await newPublication(app, { timezone: 'Asia/Tokyo' }); // 7 in the morning
    const here = await publication.reader();
    const there = await publication.reader(undefined, { attributes: { timezone: 'America/New_York' } }); // 18:00
    for (const { code } of [here, there]) await friends(publication, code, 1);
    await send();
    expect([await told(here.email), await told(there.email)]).toEqual([[], ['Your first friend is in']]);
    expect(await fates(here.id)).toEqual(['first-referral waiting: it is night at the reader’s']);
    app.advance(HOUR);
    await send();
    expect(await told(here.email)).toEqual(['Your first friend is in']);
  });

  test('no more come in a week than the publication says, however many workers send; what waits too long is dropped', async () => {
    untilHour(10);
    const publication = await newPublication(app);
    const set = { perWeek: 2, quietFrom: '00:00', quietUntil: '00:00' };
    const changed = await publication.admin.patch(`/publications/${publication.slug}`, { programMails: set });
    expect(changed.body.programMails).toEqual({ ...set, off: [] });
    const { id, email, code } = await publication.reader();
    await friends(publication, code, 1);
    await send();
    for (let round = 0; round < 2; round += 1) {
      await friends(publication, code, 1);
      app.advance(HOUR);
      await inFlight(5, range(5), send);
    }
    expect(await told(email)).toHaveLength(2);
    expect(await fates(id)).toContain('referral-verified waiting: the reader had enough mails this week');
    app.advance(7 * DAY);
    await send();
    expect(await fates(id)).toContain('referral-verified suppressed: its time is over');
  });

  test('a mail that a publication does not send is not sent', async () => {
    untilHour(10);
    const publication = await newPublication(app);
    const settings = { programMails: { off: ['first-referral'] } };
    await publication.admin.patch(`/publications/${publication.slug}`, settings);
    const { id, code } = await publication.reader();
    await friends(publication, code, 1);
    await send();
    expect(await fates(id)).toEqual(['first-referral suppressed: the publication does not send this mail']);
  });
});

describe('muting', () => {
  test('one click in the mail program ends the mails about sharing, and neither the letter nor what was earned', async () => {
    untilHour(10);
    const publication = await newPublication(app);
    await publication.milestone({ threshold: 3 });
    const { id, email, code } = await publication.reader();
    await friends(publication, code, 1);
    await send();
    const [, first] = await app.mails(email);
    const url = (first!.headers['List-Unsubscribe'] as string).slice(1, -1);
    expect(url).toMatch(/\/unsubscribe\/[\w-]{70}\/program-mails$/);
    expect(first!.headers['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click');
    const path = new URL(url).pathname;
    const before = await app.snapshot();
    expect((await app.http.get(path)).text).toContain(`action="${path}"`);
    expect((await app.http.post(path).type('form').send({ mute: 'yes' })).status).toBe(400);
    expect(await app.snapshot()).toEqual(before);

    const press = () => app.http.post(path).type('form').send({ 'List-Unsubscribe': 'One-Click' });
    const presses = await inFlight(20, range(20), press);
    expect(presses.map(({ status }) => status)).toEqual(range(20).map(() => 200));
    const [row] = await app.rows(`select status, program_mails_muted_at from subscribers where id = $1`, [id]);
    expect(row).toMatchObject({ status: 'active', programMailsMutedAt: expect.any(Date) });

    await friends(publication, code, 1);
    app.advance(HOUR);
    await send();
    expect(await fates(id)).toContain('referral-verified suppressed: the reader has muted mails about sharing');
    await friends(publication, code, 1);
    await app.tick();
    expect(await told(email)).toEqual(['Your first friend is in', expect.stringContaining('Reward')]);
  });

  test('the page answers who has left or was erased, and a token of nobody with 404', async () => {
    const publication = await newPublication(app);
    const { id } = await publication.reader();
    const path = `/unsubscribe/${app.token('unsubscribe', publication.id, id)}/program-mails`;
    await publication.admin.delete(`/subscribers/${id}`);
    const pressed = await app.http.post(path).type('form').send({ 'List-Unsubscribe': 'One-Click' });
    expect([pressed.status, (await app.http.get(path)).status]).toEqual([200, 200]);
    const none = `/unsubscribe/${app.token('hub', publication.id, id)}/program-mails`;
    expect((await app.http.get(none)).status).toBe(404);
  });
});
