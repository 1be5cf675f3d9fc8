import type { Publication } from '../../../publications/publication.entities.js';
import { CONTENTS, type DemoContent, LADDER, PUBLICATION, type Rung } from '../cast.js';

/*
 * The full demo's publication: a bilingual one beside "The Weekly Loaf". Not that one made bigger, because by then somebody may
 * have tried things out in it, and because README and its tests count its thirty readers. An address is a reader of each
 * publication by itself, so the same people can be in both.
 */

export const FULL_SLUG = 'loaf-and-crumb';

export const FULL_PUBLICATION: Omit<Publication, 'id' | 'createdAt' | 'programMails'> = {
  ...PUBLICATION,
  slug: FULL_SLUG,
  name: 'Loaf & Crumb パンの便り',
  siteUrl: 'https://loaf-and-crumb.example/',
  fromEmail: 'hello@loaf-and-crumb.example',
  fromName: 'Loaf & Crumb',
  // Without summer time: what is due at an hour of the day is due at the same hour of UTC whenever the demo is made.
  timezone: 'Asia/Tokyo',
  allowedOrigins: ['https://loaf-and-crumb.example'],
};

interface FullContent extends DemoContent {
  locale: 'en' | 'ja';
}

const english = (kind: DemoContent['kind'], day: number, slug: string, title: string): FullContent => {
  return { kind, day, slug, title, locale: 'en' };
};
const japanese = (kind: DemoContent['kind'], day: number, slug: string, title: string): FullContent => {
  return { kind, day, slug, title, locale: 'ja' };
};

/** What comes out beside the issues that the cast reads. */
export const MORE_CONTENTS: readonly FullContent[] = [
  english('issue', 60, 'flour-has-a-season', 'Flour has a season'),
  english('issue', 55, 'salt-by-the-gram', 'Salt, by the gram'),
  english('article', 52, 'the-baker-who-sleeps', 'The baker who sleeps at night'),
  english('issue', 48, 'ovens-of-lisbon', 'Nine ovens of Lisbon'),
  english('article', 38, 'crumb-under-a-lens', 'Crumb under a lens'),
  english('article', 24, 'what-a-mill-costs', 'What a small mill costs'),
  english('issue', 20, 'letters-about-crust', 'Your letters about crust'),
  english('article', 10, 'bread-for-two-hundred', 'Bread for two hundred, by noon'),
  english('article', 3, 'the-cold-proof', 'The cold proof, explained twice'),
  japanese('issue', 59, 'tayori-komugi', '今週のパン便り：国産小麦を選ぶ'),
  japanese('article', 57, 'shokupan-no-rekishi', '食パンはどこから来たのか'),
  japanese('issue', 52, 'tayori-kobo', '今週のパン便り：自家製酵母の七日間'),
  japanese('issue', 45, 'tayori-anpan', '今週のパン便り：あんぱんの塩加減'),
  japanese('article', 43, 'machi-no-panya', '町のパン屋は朝四時に何をしているか'),
  japanese('issue', 38, 'tayori-kama', '今週のパン便り：窯の温度はうそをつく'),
  japanese('issue', 31, 'tayori-komeko', '今週のパン便り：米粉でここまでできる'),
  japanese('article', 29, 'panya-no-keiei', 'パン屋の利益はどこへ消えるのか'),
  japanese('issue', 24, 'tayori-rai', '今週のパン便り：ライ麦と発酵バター'),
  japanese('issue', 17, 'tayori-mizu', '今週のパン便り：水を変えると何が変わるか'),
  japanese('article', 15, 'hokkaido-no-seifunjo', '北海道の小さな製粉所をたずねて'),
  japanese('issue', 10, 'tayori-sandwich', '今週のパン便り：サンドイッチの断面'),
  japanese('issue', 3, 'tayori-fuyu', '今週のパン便り：冬の生地はゆっくりと'),
];

export const ALL_CONTENTS: readonly FullContent[] = [
  ...CONTENTS.map((content) => ({ ...content, locale: 'en' as const })),
  ...MORE_CONTENTS,
];

/** The cast's ladder, and two rungs at which a person has something to decide. Its pool of 12 codes is too small on purpose. */
export const FULL_LADDER: readonly Rung[] = [
  ...LADDER,
  {
    threshold: 8,
    every: null,
    recipient: 'referrer',
    approval: 'manual',
    reward: {
      name: 'A morning in the bakery',
      kind: 'custom',
      url: null,
      description: 'From four to nine, with breakfast. 一日パン職人体験。',
    },
  },
];

/** Added when the program has run for a while, and given to everybody who is past it. Waits two weeks, so some are always due later. */
export const LATE_RUNG: Rung = {
  threshold: 2,
  every: null,
  recipient: 'referrer',
  holdDays: 14,
  reward: {
    name: 'A free loaf at 40 bakeries 引換券',
    kind: 'coupon',
    url: 'https://loaf-and-crumb.example/bakeries',
    description: 'Show the code at the till. お店でコードをお見せください。',
  },
  codes: Array.from({ length: 90 }, (_, n) => `CRUMB-${(n * 7_919 + 10_007).toString(36).toUpperCase()}`),
};
