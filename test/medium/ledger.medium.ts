import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { RevokeGrant } from '../../src/flows/revoke-grant.js';
import { Owe } from '../../src/flows/owe.js';
import { findGrant, lockGrant } from '../../src/milestones/grant.store.js';
import { recordGiven, recordTakenBack } from '../../src/milestones/ledger.store.js';
import { codeDrift, ledgerDrift, negativeBalances } from '../../src/milestones/reconcile.store.js';
import { Ids } from '../../src/platform/clock.js';
import { startApp } from '../support/app.js';
import { newPublication, range, type TestPublication } from '../support/make.js';

const app = await startApp();
const usd = (amount: number) => ({ amount, currency: 'USD' });

async function drift(publication: TestPublication | null): Promise<string[]> {
  const tx = app.database.reader;
  const id = publication?.id ?? null;
  const all = [await ledgerDrift(tx, id), await codeDrift(tx, id), await negativeBalances(tx, id)];
  return all.flat().map((row) => row.drift);
}

/** One grant of each kind and in each status, all as the product makes them. */
async function everything() {
  const publication = await newPublication(app);
  const reader = await publication.reader();
  const card = await publication.reward({ kind: 'gift_card', terms: { value: usd(2_500) } });
  const rewards = {
    coupon: (await publication.coupon(['A', 'B', 'C'])).id,
    card: card.id,
    credit: (await publication.reward({ kind: 'credit', terms: { value: usd(3_000) } })).id,
    discount: (await publication.reward({ kind: 'discount', terms: { percent: 50 } })).id,
    access: (await publication.reward({ kind: 'access', terms: { months: 2 } })).id,
    physical: (await publication.reward({ kind: 'physical' })).id,
    custom: (await publication.reward()).id,
  };
  for (const rewardId of Object.values(rewards)) await publication.milestone({ threshold: 1, rewardId });
  await publication.milestone({ threshold: 1, rewardId: rewards.custom, approval: 'manual' });
  await publication.verifiedFriend(reader.code);
  await app.tick();
  const grants = await publication.grants();
  const of = async (rewardId: string) =>
    (await app.rows<{ id: string }>('select id from grants where publication_id = $1 and reward_id = $2 order by id', [publication.id, rewardId]))[0]!.id; // prettier-ignore
  return { publication, reader, grants, rewards, of };
}

/** As a fault of ours, or a hand in the database, would leave it. */
async function byHand(sql: string, parameters: unknown[]): Promise<void> {
  await app.rows('alter table ledger_entries disable trigger ledger_entries_append_only');
  await app.rows(sql, parameters);
  await app.rows('alter table ledger_entries enable trigger ledger_entries_append_only');
}

describe('the reconciliation of grants and ledger', () => {
  test('finds nothing where all is well, in any status', async () => {
    const { publication, grants, of, rewards } = await everything();
    expect(new Set(grants.map(({ status }) => status))).toEqual(
      new Set(['sent', 'awaiting_claim', 'awaiting_approval', 'out_of_stock']),
    );
    await publication.admin.post(`/grants/${await of(rewards.physical)}/revoke`);
    await publication.admin.post(`/grants/${await of(rewards.coupon)}/fulfil`);
    expect(await drift(publication)).toEqual([]);
  });

  const planted: [string, (e: Awaited<ReturnType<typeof everything>>) => Promise<void>][] = [
    ['not_given', async ({ of, rewards }) => byHand('delete from ledger_entries where grant_id = $1', [await of(rewards.credit)])],
    ['not_given', async ({ publication, of, rewards }) => {
      const grantId = await of(rewards.credit);
      await recordTakenBack(app.database.reader, publication.id, { id: app.get(Ids).next(), grantId, at: new Date() });
    }],
    ['not_taken_back', async ({ of, rewards }) => byHand(`update grants set status = 'revoked' where id = $1`, [await of(rewards.credit)])],
    ['not_taken_back', async ({ of, rewards }) => byHand(`update grants set status = 'capped' where id = $1`, [await of(rewards.discount)])],
    ['not_in_turns', async ({ of, rewards }) => byHand(
      `insert into ledger_entries (publication_id, id, grant_id, subscriber_id, act, unit, quantity, currency, turn, at)
       select publication_id, gen_random_uuid(), grant_id, subscriber_id, act, unit, quantity, currency, 3, at from ledger_entries where grant_id = $1`,
      [await of(rewards.credit)],
    )],
    ['other_worth', async ({ of, rewards }) => byHand('update ledger_entries set quantity = 2999 where grant_id = $1', [await of(rewards.credit)])],
    ['other_worth', async ({ of, rewards }) => byHand(`update ledger_entries set currency = 'EUR' where grant_id = $1`, [await of(rewards.credit)])],
    ['other_worth', async ({ of, rewards }) => byHand('update grants set percent = 51 where id = $1', [await of(rewards.discount)])],
    ['other_worth', async ({ of, rewards }) => byHand('update ledger_entries set quantity = 2 where grant_id = $1', [await of(rewards.custom)])],
    ['no_code', async ({ of, rewards }) => byHand('update coupon_codes set grant_id = null where grant_id = $1', [await of(rewards.coupon)])],
    ['stray_code', async ({ of, rewards }) => byHand(`update coupon_codes set grant_id = $1 where grant_id is null and code = 'B' and publication_id = (select publication_id from grants where id = $1)`, [await of(rewards.card)])],
  ]; // prettier-ignore

  afterEach(() => app.rows('alter table ledger_entries enable trigger ledger_entries_append_only'));

  test.each(planted)('finds %s', async (kind, plant) => {
    const before = await drift(null);
    const made = await everything();
    await plant(made);
    expect(await drift(made.publication)).toEqual([kind]);
    expect((await drift(null)).length).toBe(before.length + 1);
  });

  test('finds a balance below zero', async () => {
    const { publication, of, rewards } = await everything();
    await byHand(
      `insert into ledger_entries (publication_id, id, grant_id, subscriber_id, act, unit, quantity, currency, turn, at)
       select publication_id, gen_random_uuid(), grant_id, subscriber_id, 'taken_back', unit, -3001, currency, 2, at from ledger_entries where grant_id = $1`,
      [await of(rewards.credit)],
    );
    expect(await drift(publication)).toEqual(['not_in_turns', 'negative_balance']);
  });
});

describe('the ledger', () => {
  test('refuses every change of what it says, and goes with its publication', async () => {
    const { publication } = await everything();
    const where = 'where publication_id = $1';
    await expect(app.rows(`update ledger_entries set quantity = 1 ${where}`, [publication.id])).rejects.toThrow(
      /never changed/,
    );
    await expect(app.rows(`delete from ledger_entries ${where}`, [publication.id])).rejects.toThrow(/never changed/);
    const entries = await app.rows(`select count(*)::int as n from ledger_entries ${where}`, [publication.id]);
    expect(entries[0]!.n).toBeGreaterThan(5);
    await app.rows(`delete from grants g using subscribers s where g.publication_id = $1 and s.id = g.subscriber_id and g.status = 'out_of_stock'`, [publication.id]); // prettier-ignore
    const after = await app.rows(`select count(*)::int as n from ledger_entries ${where}`, [publication.id]);
    expect(after[0]!.n).toBe(entries[0]!.n - 1);
  });

  test('takes nothing twice, given or taken back, by 20 at once', async () => {
    const { publication, reader, of, rewards } = await everything();
    const grantId = await of(rewards.credit);
    const at = new Date();
    const given = { grantId, subscriberId: reader.id, unit: 'money' as const, quantity: 3_000, currency: 'USD', at };
    const again = range(20).map(() =>
      recordGiven(app.database.reader, publication.id, { id: app.get(Ids).next(), ...given }),
    );
    expect((await Promise.allSettled(again)).map(({ status }) => status)).toEqual(range(20).map(() => 'rejected'));
    await Promise.allSettled(
      range(20).map(() =>
        recordTakenBack(app.database.reader, publication.id, { id: app.get(Ids).next(), grantId, at }),
      ),
    );
    const sums = await app.rows('select sum(quantity)::int as net, count(*)::int as n from ledger_entries where grant_id = $1', [grantId]); // prettier-ignore
    expect(sums).toEqual([{ net: 0, n: 2 }]);
  });

  test(
    'is right after whatever was owed and taken back, and no balance is ever below zero',
    { timeout: 180_000 },
    async () => {
      const { publication, grants } = await everything();
      const tx = app.database;
      const unsent = grants.filter(({ status }) => status === 'out_of_stock' || status === 'awaiting_claim');
      const acts = fc.array(fc.tuple(fc.nat({ max: unsent.length - 1 }), fc.boolean()), {
        minLength: 5,
        maxLength: 15,
      });
      await fc.assert(
        fc.asyncProperty(acts, async (chosen) => {
          for (const [n, owes] of chosen) {
            await tx.transaction(async (inside) => {
              const grant = (await lockGrant(inside, publication.id, unsent[n]!.id))!;
              const isOwed = grant.status !== 'revoked';
              if (owes && !isOwed) await app.get(Owe).within(inside, grant, new Date());
              if (!owes && isOwed) await app.get(RevokeGrant).within(inside, grant, null, new Date());
            });
            expect(await negativeBalances(tx.reader, publication.id)).toEqual([]);
          }
          expect(await drift(publication)).toEqual([]);
        }),
        { numRuns: 10 },
      );
      expect((await findGrant(tx.reader, publication.id, unsent[0]!.id))!.subscriberId).toBeDefined();
    },
  );
});
