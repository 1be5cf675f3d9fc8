import { expect, test } from 'vitest';
import { startApp } from '../support/app.js';
import { bring, readerBy } from '../support/imports.js';
import { newPublication } from '../support/make.js';

const app = await startApp();
const HEADER = 'email,shareCode,referralCount,referredBy\n';

async function adjustments(publicationId: string): Promise<number> {
  const [row] = await app.rows<{ sum: number }>(
    `select coalesce(sum(delta), 0)::int as sum from referral_adjustments where publication_id = $1`,
    [publicationId],
  );
  return row!.sum;
}

/**
 * A file that told ana's total, and then one that tells it again and names friends who are new.
 * @param own friends who came by her link between the two
 */
async function twice(first: number, own: number, second: number, friends: number, options = {}) {
  const publication = await newPublication(app);
  await publication.milestone({ threshold: 4 });
  await bring(publication, `${HEADER}ana@mail.example,ana-${publication.slug},${first},\n`);
  const { shareCode } = await readerBy(publication, 'ana@mail.example');
  for (let n = 0; n < own; n++) await publication.verifiedFriend(shareCode);
  const rows = Array.from({ length: friends }, (_, n) => `friend${n}@mail.example,,,${shareCode}\n`).join('');
  await bring(publication, `${HEADER}ana@mail.example,,${second},\n${rows}`, options);
  const { referralCount } = await readerBy(publication, 'ana@mail.example');
  return { publication, referralCount, shareCode };
}

test.each([
  ['the same total, and one of it is named now', 3, 0, 3, 1, 3],
  ['all of it is named now', 3, 0, 3, 3, 3],
  ['more are named than the total has', 3, 0, 3, 5, 5],
  ['the total has grown by who is named', 3, 0, 4, 1, 4],
  ['it has grown by fewer than are named', 3, 0, 5, 3, 5],
  ['it has grown by more than are named', 3, 0, 6, 1, 6],
  ['friends came here meanwhile', 3, 2, 3, 1, 5],
  ['nobody is named', 3, 1, 3, 0, 4],
])('%s: %i, then %i came here, then %i with %i rows makes %i', async (_, first, own, second, friends, expected) => {
  const { publication, referralCount } = await twice(first, own, second, friends);
  expect(referralCount).toBe(expected);
  expect(await adjustments(publication.id)).toBe(expected - own - friends);
});

test('a milestone that only the doubled count would have reached is not granted', async () => {
  const { publication, shareCode } = await twice(3, 0, 3, 1, { mailPast: 'true' });
  expect(await publication.grants()).toEqual([]);
  await publication.verifiedFriend(shareCode);
  expect(await publication.grants()).toHaveLength(1);
});

test('the same file once more changes nothing', async () => {
  const publication = await newPublication(app);
  const code = `ana-${publication.slug}`;
  await bring(publication, `${HEADER}ana@mail.example,${code},3,\n`);
  const file = `${HEADER}ana@mail.example,,3,\ndan@mail.example,,,${code}\n`;
  await bring(publication, file);
  await bring(publication, file);
  await bring(publication, `${file}eve@mail.example,,,${code}\n`);
  expect((await readerBy(publication, 'ana@mail.example')).referralCount).toBe(3);
  expect(await adjustments(publication.id)).toBe(1);
});
