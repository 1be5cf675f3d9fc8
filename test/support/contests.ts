import type { TestApp } from './app.js';
import { newPublication, type TestPublication } from './make.js';

/** A publication at a set moment, whose readers take part in contests and raffles. */
export async function contestants(app: TestApp, now: string, timezone = 'UTC') {
  app.clock.set(new Date(now));
  const publication = await newPublication(app, { timezone });
  return {
    publication,
    api: publication.admin,
    /** Lets so many friends of a reader be verified, a minute apart. */
    bring: async (reader: { code: string }, count = 1) => {
      const brought = [];
      for (let n = 0; n < count; n++) {
        app.advance(60_000);
        brought.push(await publication.verifiedFriend(reader.code));
      }
      return brought;
    },
    contest: (body: object = {}) => makeContest(publication, body),
    raffle: (body: object = {}) => makeRaffle(publication, body),
    /** Prizes that were won, as they are stored. */
    prizes: () =>
      app.rows<{
        occurrence: string;
        subscriberId: string;
        rewardId: string;
        status: string;
        flaggedAt: Date | null;
      }>(
        `select occurrence, subscriber_id, reward_id, status, flagged_at from grants
         where publication_id = $1 and milestone_id is null order by occurrence`,
        [publication.id],
      ),
  };
}

async function makeContest(publication: TestPublication, body: object) {
  const first = (await publication.reward({ name: 'First' })).id;
  const second = (await publication.reward({ name: 'Second' })).id;
  const prizes = [
    { rank: 1, rewardId: first },
    { rank: 2, rewardId: second },
  ];
  const made = await publication.admin.post('/programs/default/contests', {
    ...{ name: 'Reader of the month', period: 'month', prizes },
    ...body,
  });
  if (made.status !== 201) throw new Error(`no contest was made: ${made.text}`);
  const standing = async (round?: string) => {
    const query = round === undefined ? '' : `?round=${encodeURIComponent(round)}`;
    return (await publication.admin.get(`/contests/${made.body.id}/standing${query}`)).body;
  };
  return { id: made.body.id as string, body: made.body, first, second, standing };
}

async function makeRaffle(publication: TestPublication, body: object) {
  const reward = (await publication.reward({ name: 'A week at the mill' })).id;
  const made = await publication.admin.post('/programs/default/raffles', {
    ...{ name: 'The autumn draw', from: '2026-11-02', to: '2026-11-30', prizes: [{ rewardId: reward, count: 1 }] },
    ...body,
  });
  if (made.status !== 201) throw new Error(`no raffle was made: ${made.text}`);
  const get = async () => (await publication.admin.get(`/raffles/${made.body.id}`)).body;
  return { id: made.body.id as string, body: made.body, reward, get };
}
