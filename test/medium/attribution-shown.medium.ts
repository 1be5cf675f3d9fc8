import { afterEach, describe, expect, test } from 'vitest';
import { Ids } from '../../src/platform/clock.js';
import { DAY, HOUR, startApp } from '../support/app.js';
import { newPublication, type TestPublication } from '../support/make.js';

const app = await startApp();
const PERSON = 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1';

afterEach(() => app.clock.set(null));

async function follow(code: string, path = ''): Promise<string> {
  const { headers } = await app.http.get(`/r/${code}${path}`).set('user-agent', PERSON);
  return new URL(headers['location']!).searchParams.get('click')!;
}

/** A friend of Ana who had opened a link of Ben's too. */
async function friendOfAna(settings: Parameters<TestPublication['changeProgram']>[0] = {}) {
  const publication = await newPublication(app);
  await publication.changeProgram(settings);
  await publication.content('rye');
  const [ana, ben] = [await publication.reader(), await publication.reader()];
  app.clock.set(new Date('2027-11-03T10:00:00Z'));
  const isFirst = settings.attributionModel !== 'last';
  const clicks = isFirst ? [await follow(ana.code, '/rye?via=line')] : [await follow(ben.code, '?via=x')];
  app.advance(HOUR);
  clicks.push(isFirst ? await follow(ben.code, '?via=x') : await follow(ana.code, '/rye?via=line'));
  app.advance(DAY);
  const presented = { ref: ben.code, clicks, content: null, channel: null };
  const friend = await publication.signUp('zoe.secret@friend.example', { presented, confirmed: true, source: 'api' });
  return { publication, ana, ben, friend };
}

const hubOf = async (publication: TestPublication, id: string): Promise<string> => {
  const token = app.token('hub', publication.id, id, new Date(app.clock.now().getTime() + HOUR));
  return (await app.http.get(`/hub/${token}`)).text.replace(/\s+/g, ' ');
};

describe('the API shows of a referral', () => {
  test('which click won and why the others lost, each with whose, what, how, when, and the rules in force', async () => {
    const { publication, ana, ben, friend } = await friendOfAna();
    await publication.changeProgram({ attributionModel: 'last', attributionWindowDays: 1 });
    const { id } = await publication.referralOf(friend.id);
    const { body } = await publication.admin.get(`/referrals/${id}`);
    const common = {
      program: 'default',
      model: 'first',
      windowDays: 30,
      signedUpAt: expect.stringMatching(/^2027-11-04T11/),
    };
    expect(body.attribution).toEqual([
      {
        ...common,
        outcome: 'won',
        reason: 'The first click within the window of 30 days; this program credits the first one.',
        click: { id: body.click.id, at: body.click.at },
        referrer: { id: ana.id, email: ana.email, shareCode: ana.code },
        content: 'rye',
        channel: 'line',
      },
      {
        ...common,
        outcome: 'later_than_first',
        reason: expect.stringContaining('earlier'),
        click: { id: expect.any(String), at: expect.stringMatching(/^2027-11-03T11/) },
        referrer: { id: ben.id, email: ben.email, shareCode: ben.code },
        content: null,
        channel: 'x',
      },
    ]);
    const ofReader = await publication.admin.get(`/subscribers/${friend.id}/attribution`);
    expect(ofReader.body).toEqual({ data: body.attribution, nextCursor: null });
  });

  test('nothing of it in lists', async () => {
    const { publication } = await friendOfAna();
    expect((await publication.admin.get('/referrals')).body.data[0]).not.toHaveProperty('attribution');
  });

  test('why a reader is nobody’s friend, where everything they came by lost', async () => {
    const publication = await newPublication(app);
    const ana = await publication.reader();
    app.clock.set(new Date('2027-11-03T10:00:00Z'));
    const click = await follow(ana.code);
    app.advance(31.5 * DAY);
    const presented = { ref: ana.code, clicks: [click], content: null, channel: null };
    const friend = await publication.signUp(undefined, { presented });
    const { body } = await publication.admin.get(`/subscribers/${friend.id}/attribution`);
    expect(body.data).toMatchObject([
      {
        outcome: 'out_of_window',
        reason: 'Clicked 31.5 days before the signup. The window of its program is 30 days.',
      },
    ]);
    const { ana: stranger } = await friendOfAna();
    expect((await publication.admin.get(`/subscribers/${stranger.id}/attribution`)).status).toBe(404);
    expect((await publication.admin.get(`/subscribers/${ana.id}/attribution`)).body.data).toEqual([]);
  });

  test('no address of an erased reader whose link had lost', async () => {
    const { publication, ben, friend } = await friendOfAna();
    await publication.admin.delete(`/subscribers/${ben.id}`);
    const { body } = await publication.admin.get(`/subscribers/${friend.id}/attribution`);
    expect(body.data[1].referrer).toEqual({ id: ben.id, email: null, shareCode: ben.code });
  });
});

describe('the hub tells a reader', () => {
  test.each([
    ['first', 'They opened the link of another reader later. Yours came first and counts.'],
    ['last', 'They had opened the link of another reader before. Yours came last and counts.'],
  ] as const)('by which link a friend came, when, and that theirs was the %s', async (model, said) => {
    const { publication, ana, ben } = await friendOfAna({ attributionModel: model });
    const page = await hubOf(publication, ana.id);
    expect(page).toContain('LINE, from “rye” · opened on 3 November');
    expect(page).toContain(said);
    for (const secret of ['zoe.', 'friend.example', ben.code, ben.email]) expect(page).not.toContain(secret);
  });

  test('nothing at all when another reader’s link won', async () => {
    const { publication, ana, ben } = await friendOfAna();
    const page = await hubOf(publication, ben.id);
    expect(page).not.toMatch(/another reader|opened/);
    for (const secret of ['zoe', ana.code, ana.email]) expect(page).not.toContain(secret);
  });

  test('of another link of their own, in whatever program it was', async () => {
    const publication = await newPublication(app);
    const ana = await publication.reader();
    const [program, participant] = [app.get(Ids).next(), app.get(Ids).next()];
    await app.rows(
      `insert into programs select (jsonb_populate_record(p, jsonb_build_object('id', $2::text, 'slug', 'partners'))).*
       from programs p where publication_id = $1`,
      [publication.id, program],
    );
    const inOther = [publication.id, participant, program, ana.id];
    await app.rows(
      `insert into participants (publication_id, id, program_id, subscriber_id, created_at) select $1, $2, $3, $4, created_at from subscribers where id = $4`,
      inOther,
    );
    await app.rows(
      `insert into share_codes (code, publication_id, participant_id) values ('anas-other-code', $1, $2)`,
      [publication.id, participant],
    );
    const clicks = [await follow(ana.code), await follow('anas-other-code')];
    await publication.signUp(undefined, { presented: { ref: null, clicks, content: null, channel: null } });
    const page = await hubOf(publication, ana.id);
    expect(page).toContain('They opened another link of yours later. You see the first one here.');
    expect(page).not.toContain('another reader');
  });

  test('nothing of other links where the friend does not count', async () => {
    const publication = await newPublication(app);
    const [ana, ben] = [await publication.reader(), await publication.reader()];
    const clicks = [await follow(ana.code), await follow(ben.code)];
    const presented = { ref: null, clicks, content: null, channel: null };
    await publication.signUp('x@mailinator.com', { presented, confirmed: true, source: 'api' });
    const page = await hubOf(publication, ana.id);
    expect(page).toContain('Does not count');
    expect(page).not.toContain('another reader');
  });
});
