import { describe, expect, test } from 'vitest';
import { startApp } from '../support/app.js';
import { inFlight, newPublication, range, type TestPublication } from '../support/make.js';
import { newStaff } from '../support/staff.js';

/* Rewards that wait for a person, as an editor works through them. */

const app = await startApp();

async function withGrants(approval: 'manual' | 'automated', count: number) {
  const publication = await newPublication(app);
  const { id: rewardId } = await publication.reward({ kind: 'custom', url: null });
  await publication.milestone({ threshold: 1, every: 1, rewardId, approval });
  const { code, email } = await publication.reader();
  for (let n = 0; n < count; n += 1) await publication.verifiedFriend(code);
  await app.tick();
  const editor = await newStaff(app, { publicationId: publication.id, role: 'editor' });
  return { publication, editor, email, base: `/admin/p/${publication.slug}/grants` };
}

const statuses = async (publication: TestPublication) =>
  (
    await app.rows<{ id: string; status: string; reason: string | null }>(
      'select id, status, reason from grants where publication_id = $1 order by id',
      [publication.id],
    )
  ).map(({ id, status, reason }) => ({ id, status, reason }));

describe('approvals', () => {
  test('one is approved, pressed fifty times at once; one is refused with a reason that colleagues can read', async () => {
    const { publication, editor, base } = await withGrants('manual', 2);
    const [first, second] = await statuses(publication);
    expect((await editor.get(base)).text).toContain('2 wait for you');
    const presses = await inFlight(50, range(50), () => editor.post(`${base}/${first!.id}`, { act: 'approve' }));
    expect(presses.every(({ status }) => status === 303)).toBe(true);
    await editor.post(`${base}/${second!.id}`, { act: 'refuse', note: 'the same household' });
    expect((await statuses(publication)).map(({ status }) => status)).toEqual(['due', 'revoked']);
    const acts = await app.rows(
      `select act, note from audit_entries where publication_id = $1 and act like 'grant.%' order by id`,
      [publication.id],
    );
    expect(acts).toEqual([
      { act: 'grant.approve', note: null },
      { act: 'grant.revoke', note: 'the same household' },
    ]);
  });

  test('those that are picked are approved together; one of another publication is not', async () => {
    const { publication, editor, base } = await withGrants('manual', 3);
    const other = await withGrants('manual', 1);
    const [strange] = await statuses(other.publication);
    const ids = (await statuses(publication)).slice(0, 2).map(({ id }) => id);
    const answer = await editor.post(base, { act: 'approve', ids: [...ids, 'nonsense'].join(',') });
    expect(answer.status).toBe(303);
    expect((await statuses(publication)).map(({ status }) => status)).toEqual(['due', 'due', 'awaiting_approval']);
    expect((await editor.post(`${base}/${strange!.id}`, { act: 'approve' })).status).toBe(404);
    expect((await statuses(other.publication))[0]!.status).toBe('awaiting_approval');
  });
});

describe('what is handed over by hand', () => {
  test('waits in the list until somebody says so', async () => {
    const { publication, editor, email, base } = await withGrants('automated', 1);
    const page = await editor.get(`${base}?show=hand-over`);
    expect(page.text).toContain(email);
    const [grant] = await statuses(publication);
    await editor.post(`${base}/${grant!.id}`, { act: 'hand-over' });
    await editor.post(`${base}/${grant!.id}`, { act: 'hand-over' });
    expect((await statuses(publication))[0]!.status).toBe('fulfilled');
    expect((await editor.get(`${base}?show=hand-over`)).text).toContain('Nothing to hand over');
  });

  test('the shipping list is for who may see addresses', async () => {
    const { publication, editor, base } = await withGrants('automated', 1);
    const list = await editor.get(`${base}/shipping.csv`);
    expect([list.status, list.headers['content-type']]).toEqual([200, 'text/csv; charset=utf-8']);
    expect(list.text).toContain('grantId');
    const marketing = await newStaff(app, { publicationId: publication.id, role: 'marketing' });
    expect((await marketing.get(`${base}/shipping.csv`)).status).toBe(403);
    expect((await marketing.get(base)).status).toBe(200);
    const [grant] = await statuses(publication);
    expect((await marketing.post(`${base}/${grant!.id}`, { act: 'hand-over' })).status).toBe(403);
  });
});
