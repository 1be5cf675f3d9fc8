import type { PagePublication } from './page-publication.js';

/** GET /raffle/{id}, for everybody. */
export interface RaffleView {
  publication: PagePublication;
  /** For days: the year is said only where it is not this one. */
  now: Date;
  name: string;
  /** An entry is a thank-you that was earned, and not each friend. */
  isByReward: boolean;
  firstDay: Date;
  lastDay: Date;
  prizes: { name: string; count: number }[];
  sealedOn: Date;
  /** SHA-256 of the seed, in hex. */
  commitment: string;
  /** Null before the draw. */
  drawn: {
    at: Date;
    seed: string;
    listHash: string;
    entries: number;
    winners: { position: number; entry: string; prize: string }[];
  } | null;
  /** It is never drawn. */
  isCancelled: boolean;
  /** `/raffle/{id}`, without an end. */
  path: string;
  /** With the origin: what the script is given. */
  url: string;
}

/** What a reader can win at present. */
export interface HubRunning {
  contests: {
    name: string;
    lastDay: Date;
    /** Null of who has none yet, or is far behind. */
    rank: number | null;
    count: number;
    /** Of the first place. */
    most: number;
  }[];
  raffles: { name: string; lastDay: Date; own: number; all: number; url: string }[];
}
