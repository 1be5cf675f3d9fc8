import type { Running } from '../../flows/read-running.js';
import type { HubRunning } from '../raffle-views.js';
import { lastDayOf } from './raffle-page.controller.js';

/** What the page of a reader shows of contests and raffles. Nobody else is named. */
export function hubRunning({ contests, raffles }: Running): HubRunning {
  return {
    contests: contests.map(({ contest, ...place }) => ({ name: contest.name, lastDay: lastDayOf(contest), ...place })),
    raffles: raffles.map(({ raffle, own, all }) => {
      return { name: raffle.name, lastDay: lastDayOf(raffle), own, all, url: `/raffle/${raffle.id}` };
    }),
  };
}
