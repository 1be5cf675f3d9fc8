import { CHANNELS, type Channel } from '../../../domain/visit.js';
import { publishedAt } from '../story.js';
import type { Post } from '../strangers.js';
import { pick } from '../../demo-names.js';
import type { Person } from './crowd.js';
import { ALL_CONTENTS } from './publication.js';

/** A reader who passes links on, from `since` on. */
export interface Sharer extends Person {
  since: number;
}

/** A link passed on at a `minute` of the story. `weight`: how likely a new reader comes through it, beside the others. */
export interface CrowdPost extends Post {
  minute: number;
  sharer: Sharer;
  weight: number;
}

const DAY = 1_440;
/** The n-th sharer has so much of the first one's reach: a few bring many, many bring one. */
const reach = (place: number) => (place + 1) ** -0.55;
/** Of an average post; strangers, who look and go. */
const PEOPLE = 55;

/** How often each channel is used, by language; in the order of CHANNELS: copy email x facebook linkedin whatsapp line reddit qr footer other. */
const CHANNEL_WEIGHTS: Record<'en' | 'ja', readonly number[]> = {
  en: [14, 20, 10, 10, 15, 17, 1, 5, 2, 4, 2],
  ja: [12, 9, 22, 4, 1, 1, 40, 1, 4, 4, 2],
};

/** What the sharers pass on over the whole story, the oldest first. */
export function postsOf(sharers: readonly Sharer[], random: () => number): CrowdPost[] {
  const posts = sharers.flatMap((sharer, place) => {
    const count = 1 + Math.round(reach(place) * 7 * random());
    return Array.from({ length: count }, () => post(sharer, reach(place) / count, random));
  });
  return posts.sort((a, b) => a.minute - b.minute);
}

function post(sharer: Sharer, weight: number, random: () => number): CrowdPost {
  const firstDay = Math.ceil(sharer.since / DAY) + 1;
  const day = firstDay + Math.floor(random() * -firstDay);
  // When people are awake somewhere between Lisbon and Sapporo; the last hours of the story are left to who follows the link.
  const minute = day * DAY + 300 + Math.floor(random() * 900);
  const locale = sharer.reader.locale ?? 'en';
  return {
    minute,
    sharer,
    weight,
    by: sharer.who,
    content: contentAt(minute, random() < 0.9 ? locale : 'en', random),
    via: channelOf(CHANNEL_WEIGHTS[locale], random),
    people: Math.round(PEOPLE * (0.3 + 6 * weight) * -Math.log(1 - random())),
  };
}

/** One of the three newest, or the publication as a whole. */
function contentAt(minute: number, locale: 'en' | 'ja', random: () => number): string | null {
  const newest = ALL_CONTENTS.filter((content) => content.locale === locale && publishedAt(content) < minute)
    .sort((a, b) => a.day - b.day)
    .slice(0, 3);
  return random() < 0.3 || newest.length === 0 ? null : pick(newest, random).slug;
}

function channelOf(weights: readonly number[], random: () => number): Channel {
  return CHANNELS[placeIn(weights, random)] ?? 'other';
}

/** The place of one of the weights, each as likely as it is heavy. */
export function placeIn(weights: readonly number[], random: () => number): number {
  let left = random() * weights.reduce((sum, weight) => sum + weight, 0);
  return Math.max(
    0,
    weights.findIndex((weight) => (left -= weight) < 0),
  );
}
