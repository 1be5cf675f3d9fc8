import type { PagePublication } from '../../src/http/page-publication.js';
import type { HubRunning, RaffleView } from '../../src/http/raffle-views.js';

const day = (text: string) => new Date(`${text}T12:00:00Z`);
const HASH = 'a4a3b05f11c68c8c1cd53ae28f43d3ee82b4f17bbdb1b0ae282ff9d5bc5ec3c0';
const PATH = '/raffle/0193515c-7a2e-7000-8000-000000000002';

const WORDS = {
  en: { draw: 'The autumn draw', week: 'A week at the mill', jar: 'A jar of starter', contest: 'Reader of the month' },
  ja: { draw: '秋の抽選会', week: '製粉所の一週間', jar: 'サワー種', contest: '今月の読者' },
};

export function sampleRaffles(locale: 'en' | 'ja', publication: PagePublication): Record<string, RaffleView> {
  const w = WORDS[locale];
  const raffle: RaffleView = {
    ...{ publication, now: day('2026-11-21'), name: w.draw, isByReward: false, drawn: null, isCancelled: false },
    ...{ firstDay: day('2026-10-01'), lastDay: day('2026-11-30'), sealedOn: day('2025-09-28'), commitment: HASH },
    prizes: [
      { name: w.week, count: 1 },
      { name: w.jar, count: 3 },
    ],
    ...{ path: PATH, url: `https://share.loaf.example${PATH}` },
  };
  const winners = [
    { position: 9, entry: '5f11c68c8c1cd53ae28f', prize: w.week },
    { position: 640, entry: 'b4f17bbdb1b0ae282ff9', prize: w.jar },
  ];
  const drawn = { at: day('2026-12-01'), seed: HASH, listHash: HASH, entries: 812, winners };
  return {
    open: raffle,
    cancelled: { ...raffle, isCancelled: true },
    byReward: { ...raffle, isByReward: true },
    drawn: { ...raffle, drawn },
    nobody: { ...raffle, drawn: { ...drawn, entries: 0, winners: [] } },
  };
}

/** What a hub shows of contests and raffles: everything that can be said of them, or nothing. */
export function sampleRunning(locale: 'en' | 'ja'): Record<'some' | 'none', HubRunning> {
  const w = WORDS[locale];
  const lastDay = day('2026-11-30');
  const place = (rank: number | null, count: number, most: number) => {
    return { name: w.contest, lastDay, rank, count, most };
  };
  const raffles = [{ name: w.draw, lastDay, own: 4, all: 812, url: PATH }];
  return {
    some: { contests: [place(1, 1, 1), place(3, 7, 11), place(null, 0, 11), place(null, 0, 0)], raffles },
    none: { contests: [], raffles: [] },
  };
}
