import { describe, expect, test } from 'vitest';
import { AddMilestone } from '../../src/flows/add-milestone.js';
import { startApp } from '../support/app.js';
import { inFlight, newPublication, range, type TestPublication } from '../support/make.js';

const app = await startApp();
const IN_FLIGHT = 50;

/** Presses the button of a confirm mail as a browser does; answers the status. */
async function press(token: string): Promise<number> {
  return (await app.http.post(`/confirm/${token}`)).status;
}

/** Signs friends up through links, `friends` of each referrer, and answers the tokens of their confirm mails. */
async function waitingFriends(publication: TestPublication, codes: readonly string[], friends: number) {
  const signups = codes.flatMap((code) => range(friends).map(() => code));
  return inFlight(10, signups, async (ref) => {
    const { id } = await publication.signUp(undefined, { ref });
    return app.confirmToken(publication.id, id);
  });
}

async function manyReaders(publication: TestPublication, count: number) {
  return inFlight(10, range(count), () => publication.reader());
}

/** Referrers whose stored count is not the number of their verified referrals. */
async function countsOff(publication: TestPublication): Promise<unknown[]> {
  return app.rows(
    `select p.id, coalesce(c.count, 0) as stored, count(r.id)::int as actual
     from participants p
     left join stage_counts c on c.publication_id = p.publication_id and c.participant_id = p.id and c.stage = 'verified'
     left join referrals r on r.publication_id = p.publication_id and r.referrer_id = p.id and r.state = 'verified'
     where p.publication_id = $1 group by p.id, c.count having coalesce(c.count, 0) <> count(r.id)`,
    [publication.id],
  );
}

/** What the ledger says was given and not taken back, by the grants that it is owed for. */
async function ledgerAgainstGrants(publication: TestPublication) {
  return app.rows(
    `select g.id, g.status, coalesce(sum(l.quantity), 0)::int as owed
     from grants g left join ledger_entries l on l.publication_id = g.publication_id and l.grant_id = g.id
     where g.publication_id = $1 group by g.id, g.status having coalesce(sum(l.quantity), 0) <> 1`,
    [publication.id],
  );
}

function noServerError(statuses: readonly number[]): void {
  expect(statuses.filter((status) => status !== 200)).toEqual([]);
}

describe('when everything happens at once', { timeout: 60_000 }, () => {
  test('three friends of each of 100 referrers confirm, each twice: 100 grants, no coupon twice, no count off', async () => {
    const publication = await newPublication(app);
    const pool = range(120).map((n) => `RYE-${n}`);
    const milestone = await publication.milestone({ rewardId: (await publication.coupon(pool)).id });
    const readers = await manyReaders(publication, 100);
    const tokens = await waitingFriends(
      publication,
      readers.map(({ code }) => code),
      3,
    );
    // Friends of one referrer stand next to each other, and each token twice: the worst order there is.
    const start = performance.now();
    const statuses = await inFlight(
      IN_FLIGHT,
      tokens.flatMap((token) => [token, token]),
      press,
    );
    const seconds = (performance.now() - start) / 1_000;
    noServerError(statuses);
    const grants = await publication.grants({ milestoneId: milestone.id });
    const codes = new Set(grants.map(({ code }) => code));
    console.log(
      `race: ${statuses.length} confirmations, ${IN_FLIGHT} in flight, in ${seconds.toFixed(1)} s (${Math.round(statuses.length / seconds)}/s): ` +
        `${grants.length} grants, ${codes.size} distinct coupons, ${(await countsOff(publication)).length} counts off`,
    );
    expect(grants).toHaveLength(100);
    expect(new Set(grants.map(({ subscriberId }) => subscriberId))).toEqual(new Set(readers.map(({ id }) => id)));
    expect(codes.size).toBe(100);
    expect(codes).not.toContain(null);
    expect(await countsOff(publication)).toEqual([]);
    expect(await ledgerAgainstGrants(publication)).toEqual([]);
    for (const { id } of readers) expect(await publication.countOf(id)).toBe(3);
    // Released by two processes' worth of jobs at once, each is mailed once.
    await Promise.all([app.tick(), app.tick()]);
    const mails = await app.rows(`select id from mails where publication_id = $1 and message = 'reward'`, [
      publication.id,
    ]);
    expect(mails).toHaveLength(100);
  });

  test('a pool of 90 codes serves 90 of 100, ten wait, and a refill serves the oldest first', async () => {
    const publication = await newPublication(app);
    const coupon = await publication.coupon(range(90).map((n) => `OAT-${n}`));
    const milestone = await publication.milestone({ threshold: 1, rewardId: coupon.id });
    const readers = await manyReaders(publication, 100);
    const tokens = await waitingFriends(
      publication,
      readers.map(({ code }) => code),
      1,
    );
    noServerError(await inFlight(IN_FLIGHT, tokens, press));
    // A grant that found the last codes locked by others waits although one may be free; the schedule serves it.
    await app.tick();
    const grants = await publication.grants({ milestoneId: milestone.id });
    const served = grants.filter(({ code }) => code !== null);
    const waiting = grants.filter(({ status }) => status === 'out_of_stock');
    console.log(
      `pool of 90: ${new Set(served.map(({ code }) => code)).size} distinct codes, ${waiting.length} waiting`,
    );
    expect(served).toHaveLength(90);
    expect(new Set(served.map(({ code }) => code)).size).toBe(90);
    expect(waiting).toHaveLength(10);
    expect(await ledgerAgainstGrants(publication)).toEqual([]);

    const refill = range(4).map((n) => `LATE-${n}`);
    const answer = await publication.admin
      .post(`/rewards/${coupon.id}/codes`)
      .set('content-type', 'text/csv')
      .send(`Code\n${refill.join('\n')}\nLATE-0\n`);
    expect([answer.status, answer.body]).toEqual([200, { added: 4, skipped: 1 }]);
    const after = await publication.grants({ milestoneId: milestone.id });
    const lateCodes = waiting.map(({ id }) => after.find((grant) => grant.id === id)!.code);
    expect(lateCodes).toEqual([...refill, ...range(6).map(() => null)]);
    expect(after.filter(({ status }) => status === 'out_of_stock')).toHaveLength(6);
  });

  test('two aliases of one mailbox confirm at the same moment: one counts', async () => {
    const publication = await newPublication(app);
    const referrers = await manyReaders(publication, 20);
    const pairs = await inFlight(10, referrers, async ({ code }, n) => {
      const names = [`some.body${n}@gmail.com`, `somebody${n}+news@gmail.com`];
      const friends = await Promise.all(names.map((name) => publication.signUp(name, { ref: code })));
      return Promise.all(friends.map(async ({ id }) => ({ id, token: await app.confirmToken(publication.id, id) })));
    });
    noServerError(await inFlight(IN_FLIGHT, pairs.flat(), ({ token }) => press(token)));
    for (const [n, pair] of pairs.entries()) {
      const referrals = await Promise.all(pair.map(({ id }) => publication.referralOf(id)));
      expect(referrals.map(({ state }) => state).sort()).toEqual(['rejected', 'verified']);
      expect(referrals.find(({ state }) => state === 'rejected')?.reasons[0]?.code).toBe('alias_of_existing');
      expect(await publication.countOf(referrers[n]!.id)).toBe(1);
    }
  });

  test('one friend signs up 50 times at once, through three links: one reader, one referral, one confirm mail', async () => {
    const publication = await newPublication(app);
    const referrers = await manyReaders(publication, 3);
    const answers = await inFlight(IN_FLIGHT, range(50), (n) =>
      app.http
        .post(`/join/${publication.slug}`)
        .type('form')
        .send({ email: n % 2 ? 'Friend@Mail.example' : 'friend@mail.example', ref: referrers[n % 3]!.code }),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([303]));
    const subscribers = await app.rows(
      `select id from subscribers where publication_id = $1 and email_key = 'friend@mail.example'`,
      [publication.id],
    );
    expect(subscribers).toHaveLength(1);
    const found = await app.rows(
      `select (select count(*)::int from referrals where publication_id = $1 and referred_id = $2) as referrals,
         (select count(*)::int from mails where publication_id = $1 and subscriber_id = $2) as mails,
         (select count(*)::int from participants where publication_id = $1 and subscriber_id = $2) as participants`,
      [publication.id, subscribers[0]!.id],
    );
    expect(found).toEqual([{ referrals: 1, mails: 1, participants: 1 }]);
  });

  test('50 milestones are added for the past while friends confirm: whoever is past one has exactly one grant of it', async () => {
    const publication = await newPublication(app);
    const readers = await manyReaders(publication, 10);
    const rewardId = (await publication.reward()).id;
    const program = await publication.program();
    const tokens = await waitingFriends(
      publication,
      readers.map(({ code }) => code),
      3,
    );
    const ladder = range(50).map((n) => ({ threshold: 1 + (n % 4), every: n % 8 === 7 ? 1 : null }));
    const confirming = inFlight(10, tokens, press);
    const adding = inFlight(5, ladder, (rung) =>
      app.get(AddMilestone).run(
        program,
        {
          ...{ name: 'rung', stage: 'verified', recipient: 'referrer', rewardId, approval: 'automated' },
          ...{ holdDays: 0, past: 'grant' },
          ...rung,
        },
        { actor: 'operator', role: 'operator' },
      ),
    );
    noServerError(await confirming);
    for (const milestone of await adding) {
      const expected = milestone.threshold > 3 ? 0 : 1;
      const grants = await publication.grants({ milestoneId: milestone.id });
      const each = readers.map(({ id }) => grants.filter(({ subscriberId }) => subscriberId === id).length);
      expect(each, `threshold ${milestone.threshold}`).toEqual(readers.map(() => expected));
    }
    expect(await countsOff(publication)).toEqual([]);
  });

  test('a reader is confirmed, unsubscribed and changed at once, again and again: nothing deadlocks or is lost', async () => {
    const publication = await newPublication(app);
    await publication.milestone({ threshold: 1, every: 1 });
    const [referrer] = await manyReaders(publication, 1);
    const friends = await inFlight(10, range(20), async () => {
      const { id } = await publication.signUp(undefined, { ref: referrer!.code });
      return { id, token: await app.confirmToken(publication.id, id) };
    });
    const leave = ({ id }: { id: string }) =>
      app.http.post(`/unsubscribe/${app.token('unsubscribe', publication.id, id)}`);
    const acts = friends.flatMap((friend) => [
      () => press(friend.token),
      async () => (await leave(friend).type('form').send({ 'List-Unsubscribe': 'One-Click' })).status,
      async () => (await publication.admin.patch(`/subscribers/${friend.id}`, { firstName: 'Ana' })).status,
      async () => (await publication.admin.patch(`/subscribers/${referrer!.id}`, { firstName: 'Ben' })).status,
    ]);
    const statuses = await inFlight(IN_FLIGHT, acts, (act) => act());
    // Who left before pressing the button is told that the link is over.
    expect(new Set(statuses.filter((status) => status !== 410))).toEqual(new Set([200]));
    expect(await countsOff(publication)).toEqual([]);
    const grants = await publication.grants({ subscriberId: referrer!.id });
    expect(grants).toHaveLength(await publication.countOf(referrer!.id));
    const gone = await app.rows(`select 1 from subscribers where publication_id = $1 and status = 'unsubscribed'`, [
      publication.id,
    ]);
    expect(gone).toHaveLength(20);
  });
});
