import { describe, expect, test } from 'vitest';
import { AskToShare } from '../../src/flows/ask-to-share.js';
import { DAY, HOUR, startApp } from '../support/app.js';
import { inFlight, newPublication, range, type TestPublication } from '../support/make.js';

/* Mails that ask a reader to share: when it is likely to be welcome, once, and not twice in a month. */

const app = await startApp();
app.clock.set(new Date('2026-11-20T10:00:00Z'));

const ASKS = ['near-milestone', 'share-reminder'];
/** Of all readers, or of one. */
const asked = (publication: TestPublication, reader: string | null = null) =>
  app.rows<{ message: string; state: string }>(
    `select message, state from mails
     where publication_id = $1 and message = any ($2) and ($3::uuid is null or subscriber_id = $3) order by id`,
    [publication.id, ASKS, reader],
  );

/** Confirms by the mail, so that there is a welcome to follow. */
async function newReader(publication: TestPublication, email: string) {
  const { id } = await publication.signUp(email);
  await app.tick();
  await app.http.post(`/confirm/${await app.confirmToken(publication.id, id)}`);
  await app.tick();
  return { id, code: await publication.codeOf(id) };
}

async function withLadder(fields: Parameters<typeof newPublication>[1] = {}) {
  const publication = await newPublication(app, { postalAddress: '12 Mill Lane', name: 'The Loaf', ...fields });
  const { id: rewardId } = await publication.reward({ name: 'A bread bag' });
  await publication.milestone({ threshold: 3, rewardId });
  await publication.content('rye');
  return publication;
}

async function days(count: number) {
  for (let day = 0; day < count; day += 1) {
    app.advance(DAY);
    await app.tick();
  }
}

describe('who has not shared in a week', () => {
  test('is reminded once of the newest content, whoever looks at once', async () => {
    const publication = await withLadder();
    const { code } = await newReader(publication, 'quiet@mail.example');
    await days(6);
    expect(await asked(publication)).toEqual([]);
    app.advance(DAY + HOUR);
    await inFlight(10, range(10), () => app.get(AskToShare).run());
    await days(20);
    expect(await asked(publication)).toEqual([{ message: 'share-reminder', state: 'sent' }]);
    const mail = (await app.mails('quiet@mail.example')).at(-1)!;
    expect(mail.subject).toBe('Know somebody who would like The Loaf?');
    expect(mail.text).toContain(`/r/${code}/rye`);
    expect(mail.text).toContain('3 friends for A bread bag');
  });

  test('is not asked who shared, who muted, or where there is nothing to earn', async () => {
    const [shared, muted, empty] = [
      await withLadder(),
      await withLadder(),
      await newPublication(app, { postalAddress: 'x' }),
    ];
    const { code } = await newReader(shared, 'shared@mail.example');
    await app.http.get(`/r/${code}`).set('user-agent', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0');
    const { id } = await newReader(muted, 'muted@mail.example');
    await app.rows('update subscribers set program_mails_muted_at = now() where id = $1', [id]);
    await newReader(empty, 'empty@mail.example');
    await days(9);
    for (const publication of [shared, muted, empty]) expect(await asked(publication)).toEqual([]);
  });

  test('is not asked any more who shared while the mail waited for the day', async () => {
    const publication = await withLadder({
      programMails: { perWeek: 3, quietFrom: '00:00', quietUntil: '23:59', off: [] },
    });
    const { code } = await newReader(publication, 'late@mail.example');
    await days(8);
    expect(await asked(publication)).toMatchObject([{ state: 'waiting' }]);
    await publication.verifiedFriend(code);
    await app.rows(`update publications set program_mails = program_mails || '{"quietUntil": "00:00"}' where id = $1`, [publication.id]); // prettier-ignore
    await days(1);
    expect(await asked(publication)).toMatchObject([{ state: 'suppressed' }]);
  });
});

describe('who is one friend from a thank-you', () => {
  test('is told so three days after the last friend, once for each, and not when asked for something in the month', async () => {
    const publication = await withLadder();
    await publication.milestone({ threshold: 5 });
    const { code, id } = await publication.reader('near@mail.example');
    await publication.verifiedFriend(code);
    await publication.verifiedFriend(code);
    await app.tick();
    await days(2);
    expect(await asked(publication, id)).toEqual([]);
    await days(3);
    expect(await asked(publication, id)).toEqual([{ message: 'near-milestone', state: 'sent' }]);
    const mail = (await app.mails('near@mail.example')).at(-1)!;
    expect(mail.subject).toBe('One friend from A bread bag');
    // At four of five soon after: no second one within a month.
    await publication.verifiedFriend(code);
    await publication.verifiedFriend(code);
    await app.tick();
    await days(6);
    expect(await asked(publication, id)).toHaveLength(1);
    // At four of five still, and another friend of another ladder later: asked again after the month.
    await days(30);
    await publication.milestone({ threshold: 6 });
    await publication.verifiedFriend(code);
    await days(6);
    expect(await asked(publication, id)).toHaveLength(2);
  });

  test('is not who has brought nobody, though one friend would do', async () => {
    const publication = await newPublication(app, { postalAddress: '12 Mill Lane' });
    const { id: rewardId } = await publication.reward();
    await publication.milestone({ threshold: 1, rewardId });
    await publication.milestone({ threshold: 1, rewardId, recipient: 'referred' });
    const { code } = await publication.reader();
    const { friend } = await publication.verifiedFriend(code);
    await app.tick();
    await days(5);
    expect(
      await app.rows(`select 1 from mails where subscriber_id = $1 and message = 'reward'`, [friend.id]),
    ).toHaveLength(1);
    expect(await asked(publication, friend.id)).toEqual([]);
  });
});
