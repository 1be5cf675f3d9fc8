import { describe, expect, test } from 'vitest';
import { Reconcile } from '../../src/flows/reconcile.js';
import { ReviewReferrals } from '../../src/flows/review-referrals.js';
import { startApp } from '../support/app.js';
import { newPublication, range } from '../support/make.js';

const app = await startApp({}, { poolSize: 60 });
const OPERATOR = { actor: 'operator', role: 'operator' } as const;

async function withThreeFriends() {
  const publication = await newPublication(app);
  const reader = await publication.reader();
  const { referral } = await publication.verifiedFriend(reader.code);
  for (let more = 0; more < 2; more++) await publication.verifiedFriend(reader.code);
  const find = async () => (await app.get(Reconcile).find(publication.id)).map(({ drift, found }) => [drift, found]);
  const sql = (statement: string, ...more: unknown[]) => app.rows(statement, [publication.id, ...more]);
  return { publication, reader, referral, find, sql };
}
type Planted = Awaited<ReturnType<typeof withThreeFriends>>;

describe('the reconciliation', () => {
  const planted: [string, (all: Planted) => Promise<unknown>, string][] = [
    ['state', ({ sql, referral }) => sql(`delete from referral_events where publication_id = $1 and referral_id = $2`, referral.id), 'verified, last event none'],
    ['state', ({ sql, referral }) => sql(`update referral_events set to_state = 'held', held_for = 'delay' where publication_id = $1 and referral_id = $2 and to_state = 'verified'`, referral.id), 'verified, last event held delay'],
    ['count', ({ sql }) => sql(`update stage_counts set count = 7 where publication_id = $1`), 'verified in season 1: 7, facts 3'],
    ['count', ({ sql }) => sql(`delete from stage_counts where publication_id = $1`), 'verified in season 1: 0, facts 3'],
    ['count', ({ sql }) => sql(`insert into stage_counts select publication_id, participant_id, 'purchased', 2, 1, now() from stage_counts where publication_id = $1`), 'purchased in season 2: 1, facts 0'],
  ]; // prettier-ignore

  test.each(planted)('finds a wrong %s', async (kind, plant, found) => {
    const all = await withThreeFriends();
    expect(await all.find()).toEqual([]);
    await plant(all);
    expect(await all.find()).toEqual([[kind, found]]);
    const rebuilt = await app.get(Reconcile).rebuild(all.publication.id);
    expect(rebuilt).toHaveLength(kind === 'count' ? 1 : 0);
    expect(await all.find()).toEqual(kind === 'count' ? [] : [[kind, found]]);
    expect(await app.get(Reconcile).rebuild(all.publication.id)).toEqual([]);
    if (kind === 'count') expect(await all.publication.countOf(all.reader.id)).toBe(3);
  });

  test('finds a referral that is in no count, or in one and counts not; facts are never rebuilt', async () => {
    const { find, sql, referral, publication } = await withThreeFriends();
    await sql(`update referral_stages set season = null where publication_id = $1 and referral_id = $2`, referral.id);
    const wrong = [['stage', 'verified, stage verified in no count'], ['count', 'verified in season 1: 3, facts 2']]; // prettier-ignore
    expect(await find()).toEqual(wrong);
    await app.get(Reconcile).rebuild(publication.id);
    expect(await find()).toEqual(wrong.slice(0, 1));
    await sql(`delete from referral_stages where publication_id = $1 and referral_id = $2`, referral.id);
    expect(await find()).toEqual([['stage', 'verified, stage verified missing']]);
  });

  test('counts adjustments, and a referral that is reversed after a correction had taken it out already', async () => {
    const { find, referral, reader, publication } = await withThreeFriends();
    const adjusted = await publication.admin.post(`/subscribers/${reader.id}/adjustments`, { program: 'default', delta: -3, reason: 'made up' }); // prettier-ignore
    expect(adjusted.status).toBe(201);
    expect(await find()).toEqual([]);
    await app
      .get(ReviewReferrals)
      .run(publication.id, { ids: [referral.id], decision: 'reject', note: null }, OPERATOR);
    expect(await find()).toEqual([]);
    const { body } = await publication.admin.get(`/subscribers/${reader.id}/adjustments`);
    expect(body.data).toEqual([
      expect.objectContaining({ delta: 1, source: 'floor', actor: 'schedule' }),
      expect.objectContaining({ delta: -3, source: 'staff', reason: 'made up' }),
    ]);
    await publication.verifiedFriend(reader.code);
    expect(await publication.countOf(reader.id)).toBe(1);
    expect(await find()).toEqual([]);
  });

  test('says nothing wrong of 50 friends who confirm while it looks, nor does it rebuild what they are moving', async () => {
    const { publication, reader, find } = await withThreeFriends();
    await publication.milestone({ threshold: 5, every: 5 });
    const friends = range(50).map(() => publication.verifiedFriend(reader.code));
    let ended = false;
    const all = Promise.all(friends).finally(() => (ended = true));
    let looks = 0;
    while (!ended) {
      expect(await find()).toEqual([]);
      expect(await app.get(Reconcile).rebuild(publication.id)).toEqual([]);
      looks++;
    }
    await all;
    expect(looks).toBeGreaterThan(0);
    expect(await publication.countOf(reader.id)).toBe(53);
    expect(await find()).toEqual([]);
  });
});
