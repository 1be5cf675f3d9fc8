import { afterEach, describe, expect, test } from 'vitest';
import { DAY, HOUR, startApp } from '../support/app.js';
import { newPublication, range, type TestPublication } from '../support/make.js';

const app = await startApp();
const PERSON = 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1';

afterEach(() => app.clock.set(null));

/** Follows a share link as a friend does. Answers the signed click id. */
async function follow(code: string, path = ''): Promise<string> {
  const { headers } = await app.http.get(`/r/${code}${path}`).set('user-agent', PERSON);
  return new URL(headers['location']!).searchParams.get('click')!;
}

const presenting = (clicks: string[], ref: string | null = null) => ({
  presented: { ref, clicks, content: null, channel: null },
});

/** What was written down of a reader's signup, as `code outcome` in its order. */
async function written(publication: TestPublication, referredId: string): Promise<string[]> {
  const found = await app.rows<{ code: string; outcome: string }>(
    `select c.code, rc.outcome from referral_clicks rc
     join share_codes c on c.publication_id = rc.publication_id and c.participant_id = rc.participant_id
     where rc.publication_id = $1 and rc.referred_id = $2 order by rc.position`,
    [publication.id, referredId],
  );
  return found.map(({ code, outcome }) => `${code} ${outcome}`);
}

async function twoReaders(settings: Parameters<TestPublication['changeProgram']>[0] = {}) {
  const publication = await newPublication(app);
  await publication.changeProgram(settings);
  const [ana, ben] = [await publication.reader(), await publication.reader()];
  return { publication, ana, ben };
}

describe('a signup writes down', () => {
  test('which click won and why the others lost, in the order of the clicks', async () => {
    const { publication, ana, ben } = await twoReaders();
    const rye = await publication.content('rye');
    app.clock.set(new Date('2027-03-01T10:00:00Z'));
    const old = await follow(ben.code);
    app.advance(20 * DAY);
    const first = await follow(ana.code, '/rye?via=line');
    app.advance(HOUR);
    const later = await follow(ben.code, '?via=x');
    app.advance(15 * DAY);
    const friend = await publication.signUp(undefined, presenting([later, old, first], ben.code));
    expect(await written(publication, friend.id)).toEqual([
      `${ben.code} out_of_window`,
      `${ana.code} won`,
      `${ben.code} later_than_first`,
    ]);
    const referral = await publication.referralOf(friend.id);
    const [won] = await app.rows(`select * from referral_clicks where referred_id = $1 and outcome = 'won'`, [
      friend.id,
    ]);
    expect(won).toMatchObject({
      clickId: referral.clickId,
      clickedAt: referral.clickedAt,
      participantId: referral.referrerId,
      contentId: rye.id,
      channel: 'line',
      model: 'first',
      windowDays: 30,
      signedUpAt: referral.createdAt,
    });
  });

  test('the model and window in force then, whatever the program says later', async () => {
    const { publication, ana, ben } = await twoReaders({ attributionModel: 'last', attributionWindowDays: 7 });
    const clicks = [await follow(ana.code), await follow(ben.code)];
    const friend = await publication.signUp(undefined, presenting(clicks));
    await publication.changeProgram({ attributionModel: 'first', attributionWindowDays: 90 });
    expect(await written(publication, friend.id)).toEqual([`${ana.code} earlier_than_last`, `${ben.code} won`]);
    const settings = await app.rows('select distinct model, window_days from referral_clicks where referred_id = $1', [
      friend.id,
    ]);
    expect(settings).toEqual([{ model: 'last', windowDays: 7 }]);
  });

  test('a bare code that won, and one that stood back behind a click', async () => {
    const { publication, ana, ben } = await twoReaders();
    const byCode = await publication.signUp(undefined, presenting([], ana.code.toUpperCase()));
    expect(await written(publication, byCode.id)).toEqual([`${ana.code} won`]);
    const byClick = await publication.signUp(undefined, presenting([await follow(ben.code)], ana.code));
    expect(await written(publication, byClick.id)).toEqual([`${ben.code} won`, `${ana.code} code_only`]);
  });

  test('nothing of what is not ours: forged, of another publication, of an erased reader, twice', async () => {
    const { publication, ana, ben } = await twoReaders();
    const { ana: stranger } = await twoReaders();
    const gone = await follow(ben.code);
    await publication.admin.delete(`/subscribers/${ben.id}`);
    const click = await follow(ana.code);
    const forged = `${click.slice(0, -4)}AAAA`;
    const clicks = ['', 'nonsense', forged, await follow(stranger.code), gone, click, click];
    const friend = await publication.signUp(undefined, presenting(clicks, 'no-such-code'));
    expect(await written(publication, friend.id)).toEqual([`${ana.code} won`]);
    const nobodys = await publication.signUp(undefined, presenting([forged], stranger.code));
    expect(await written(publication, nobodys.id)).toEqual([]);
  });

  test('the ten oldest and the ten newest of more than 20 clicks', async () => {
    const { publication, ana } = await twoReaders();
    const clicks = await Promise.all(range(30).map((n) => follow(ana.code, `?n=${n}`)));
    const friend = await publication.signUp(undefined, presenting(clicks));
    expect(await written(publication, friend.id)).toHaveLength(20);
    const [kept] = await app.rows(
      `select array_agg(rc.click_id::text order by rc.position) = (select array_agg(id::text order by id) from (
         (select id from clicks where participant_id = $2 order by id limit 10) union (select id from clicks where participant_id = $2 order by id desc limit 10)) c) as same
       from referral_clicks rc where rc.referred_id = $1`,
      [friend.id, (await publication.referralOf(friend.id)).referrerId],
    );
    expect(kept).toEqual({ same: true });
  });

  test('why nobody is credited where everything lost, until a later signup is credited to somebody', async () => {
    const { publication, ana, ben } = await twoReaders();
    app.clock.set(new Date('2027-03-01T10:00:00Z'));
    const old = await follow(ana.code);
    app.advance(31 * DAY);
    const friend = await publication.signUp(undefined, presenting([old], ana.code));
    await expect(publication.referralOf(friend.id)).rejects.toThrow();
    expect(await written(publication, friend.id)).toEqual([`${ana.code} out_of_window`]);
    await publication.signUp(friend.email, presenting([old, await follow(ben.code)]));
    expect(await written(publication, friend.id)).toEqual([`${ana.code} out_of_window`, `${ben.code} won`]);
  });
});

describe('a reader who is bound already', () => {
  test('stays so, with what decided it, however often they sign up', async () => {
    const { publication, ana, ben } = await twoReaders();
    const friend = await publication.signUp(undefined, presenting([await follow(ana.code)]));
    await publication.signUp(friend.email, presenting([await follow(ben.code)]));
    await publication.signUp(friend.email, presenting([], ben.code));
    await publication.signUp(friend.email);
    expect(await written(publication, friend.id)).toEqual([`${ana.code} won`]);
  });

  test('gets a new decision when their referral has expired and somebody else is credited', async () => {
    const { publication, ana, ben } = await twoReaders();
    app.clock.set(new Date('2027-03-01T10:00:00Z'));
    const first = await follow(ana.code);
    const friend = await publication.signUp(undefined, presenting([first]));
    app.advance(15 * DAY);
    await app.tick();
    await publication.signUp(friend.email, presenting(['nothing of ours']));
    expect(await written(publication, friend.id)).toEqual([`${ana.code} won`]);
    await publication.changeProgram({ attributionWindowDays: 1 });
    await publication.signUp(friend.email, presenting([first]));
    expect(await written(publication, friend.id)).toEqual([`${ana.code} won`]);
    await publication.signUp(friend.email, presenting([first, await follow(ben.code)]));
    expect(await written(publication, friend.id)).toEqual([`${ana.code} out_of_window`, `${ben.code} won`]);
    const { body } = await publication.admin.get('/referrals');
    expect(body.data).toMatchObject([{ state: 'pending', referrer: { id: ben.id } }]);
  });

  test('is decided once by 50 signups at once, and what is written is what their referral says', async () => {
    const { publication, ana, ben } = await twoReaders();
    const clicks = [await follow(ana.code), await follow(ben.code)];
    const email = 'at-once@mail.example';
    const signups = range(50).map((n) => publication.signUp(email, presenting([clicks[n % 2]!])));
    const [friend] = await Promise.all(signups);
    const referral = await publication.referralOf(friend!.id);
    const winner = await app.rows('select participant_id, click_id from referral_clicks where referred_id = $1', [
      friend!.id,
    ]);
    expect(winner).toEqual([{ participantId: referral.referrerId, clickId: referral.clickId }]);
  });
});

test('what an erased reader had opened is gone, but for the link that their referral copies', async () => {
  const { publication, ana, ben } = await twoReaders();
  const clicks = [await follow(ana.code), await follow(ben.code)];
  const friend = await publication.signUp(undefined, {
    ...presenting(clicks, ben.code),
    confirmed: true,
    source: 'api',
  });
  await publication.admin.delete(`/subscribers/${friend.id}`);
  expect(await written(publication, friend.id)).toEqual([`${ana.code} won`]);
});

test('the record outlives the clicks', async () => {
  const { publication, ana } = await twoReaders();
  const friend = await publication.signUp(undefined, presenting([await follow(ana.code)]));
  await app.rows('delete from clicks where publication_id = $1', [publication.id]);
  expect(await written(publication, friend.id)).toEqual([`${ana.code} won`]);
});
