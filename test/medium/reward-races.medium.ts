import { expect, test } from 'vitest';
import { Restock } from '../../src/flows/restock.js';
import { codeDrift, ledgerDrift, negativeBalances } from '../../src/milestones/reconcile.store.js';
import { startApp } from '../support/app.js';
import { inFlight, newPublication, range, type TestPublication } from '../support/make.js';

const WORKERS = 32;
const app = await startApp({}, { poolSize: WORKERS });

async function drift(publication: TestPublication): Promise<unknown[]> {
  const tx = app.database.reader;
  const { id } = publication;
  return [await ledgerDrift(tx, id), await codeDrift(tx, id), await negativeBalances(tx, id)].flat();
}

test('grants are approved, revoked, given codes and fulfilled at once: the ledger, the codes and the grants agree', async () => {
  const publication = await newPublication(app);
  const reward = await publication.coupon(range(20).map((n) => `OAT-${n}`));
  await publication.milestone({ threshold: 1, rewardId: reward.id, approval: 'manual' });
  const readers = await inFlight(10, range(40), () => publication.reader());
  await inFlight(10, readers, ({ code }) => publication.verifiedFriend(code));
  const grants = await publication.grants();
  const acts = grants.flatMap(({ id }, n) => [
    () => publication.admin.post(`/grants/${id}/approve`),
    () => publication.admin.post(`/grants/${id}/${n % 3 === 0 ? 'revoke' : 'fulfil'}`),
    () => publication.admin.post(`/grants/${id}/approve`),
    () => app.get(Restock).run(publication.id, reward.id, [`LATE-${n % 5}`]),
  ]);
  const answers = await inFlight(50, acts, async (act) => (await act()) as { status?: number });
  expect(answers.filter(({ status = 200 }) => status !== 200 && status !== 409)).toEqual([]);
  await app.tick();
  expect(await drift(publication)).toEqual([]);
});

// The two take the same way but for the ledger of a gift card's worth.
test.each([
  ['coupon', 1_000, 900],
  ['gift_card', 200, 100],
] as const)(
  `a %s for %i grants by ${WORKERS} workers with %i codes: all are distinct and the rest wait; a refill serves the oldest first`,
  { timeout: 300_000 },
  async (kind, grantCount, codeCount) => {
    const publication = await newPublication(app);
    const terms = kind === 'coupon' ? {} : { value: { amount: 2_500, currency: 'USD' } };
    const reward = await publication.reward({ kind, terms });
    const restock = (codes: string[]) => app.get(Restock).run(publication.id, reward.id, codes);
    await restock(range(codeCount).map((n) => `CODE-${n}`));
    const milestone = await publication.milestone({ threshold: 1, rewardId: reward.id });
    const readers = await inFlight(WORKERS, range(grantCount), () => publication.reader());
    const start = performance.now();
    await inFlight(WORKERS, readers, ({ code }) => publication.verifiedFriend(code));
    const seconds = (performance.now() - start) / 1_000;
    // Whoever found the last codes locked by others waits although one may be free; the schedule serves them.
    await app.get(Restock).serveWaiting();

    const grants = await publication.grants({ milestoneId: milestone.id });
    const codes = grants.flatMap(({ code }) => code ?? []);
    const waiting = grants.filter(({ status }) => status === 'out_of_stock');
    console.log(
      `${kind}: ${grants.length} grants by ${WORKERS} workers in ${seconds.toFixed(1)} s: ${new Set(codes).size} distinct codes, ${waiting.length} waiting`,
    );
    expect(grants).toHaveLength(grantCount);
    expect([codes.length, new Set(codes).size, waiting.length]).toEqual([codeCount, codeCount, grantCount - codeCount]);
    expect(await drift(publication)).toEqual([]);

    // Two people refill at once, and the schedule serves meanwhile: still the oldest get them, each one.
    const batches = [range(30), range(30)].map((batch, b) => batch.map((n) => `LATE-${b}-${n}`));
    await Promise.all([...batches.map(restock), app.get(Restock).serveWaiting()]);
    await app.get(Restock).serveWaiting();
    const after = await publication.grants({ milestoneId: milestone.id });
    const late = waiting.map(({ id }) => after.find((grant) => grant.id === id)!.code);
    expect(late.slice(0, 60).filter((code) => code !== null)).toHaveLength(60);
    expect(late.slice(60)).toEqual(range(grantCount - codeCount - 60).map(() => null));
    expect(new Set(late.slice(0, 60))).toEqual(new Set(batches.flat()));
    expect(await drift(publication)).toEqual([]);
  },
);
