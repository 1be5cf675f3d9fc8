import type { Channel } from '../../domain/visit.js';
import { type ContentSlug, CONTENTS, type DemoContent, type DemoReader, type ReaderName, READERS } from './cast.js';
import { numbersFrom, SEED } from './seed.js';
import { type Post, type Share, type StrangerVisit, visitsTo } from './strangers.js';

type CastShare = Share<ReaderName, ContentSlug>;

/** `day`: days before the day on which the demo is made; `at`: UTC. All of the story is over by the end of day 1. */
interface When {
  day: number;
  at: string;
}

/** Somebody signs up. `confirmsAfter`: minutes until they press the button in the mail; null: never. */
interface Arrival extends When {
  who: ReaderName;
  confirmsAfter: number | null;
  through?: CastShare;
}

const MINUTES_ON_THE_PAGE = 3;

/** When the program opened, before its first reader. */
export const OPENING: When = { day: 64, at: '08:00' };

export const ARRIVALS: readonly Arrival[] = [
  { day: 62, at: '07:40', who: 'ana', confirmsAfter: 6 },
  { day: 61, at: '19:05', who: 'tom', confirmsAfter: 41 },
  { day: 60, at: '11:20', who: 'kenji', confirmsAfter: 3 },
  { day: 58, at: '13:10', who: 'sofia', confirmsAfter: 12 },
  { day: 55, at: '20:30', who: 'priya', confirmsAfter: 8 },
  { day: 53, at: '06:50', who: 'misaki', confirmsAfter: 25 },
  { day: 50, at: '09:15', who: 'lena', confirmsAfter: 180 },
  { day: 48, at: '16:00', who: 'mariana', confirmsAfter: 15 },

  { day: 36, at: '08:12', who: 'pia', confirmsAfter: 9, through: { by: 'ana', content: null, via: 'copy' } },
  { day: 33, at: '12:31', who: 'marco', confirmsAfter: 4, through: ana('millers-weather', 'email') },
  { day: 31, at: '21:03', who: 'lucia', confirmsAfter: 17, through: ana(null, 'whatsapp') },
  { day: 26, at: '10:44', who: 'claire', confirmsAfter: 6, through: ana('bakery-margin', 'email') },
  { day: 19, at: '14:02', who: 'nils', confirmsAfter: null, through: ana('starter-in-seven-days', 'facebook') },
  { day: 17, at: '22:20', who: 'anaAgain', confirmsAfter: 2, through: ana(null, 'copy') },
  { day: 12, at: '07:26', who: 'joe', confirmsAfter: 33, through: ana('oven-lies', 'whatsapp') },
  { day: 9, at: '18:15', who: 'tom', confirmsAfter: null, through: ana('oven-lies', 'email') },
  { day: 5, at: '09:37', who: 'yusuf', confirmsAfter: 5, through: ana('rye-groove', 'whatsapp') },
  { day: 4, at: '19:49', who: 'bea', confirmsAfter: 11, through: ana('rye-groove', 'linkedin') },
  { day: 2, at: '15:18', who: 'grace', confirmsAfter: null, through: ana('rye-groove', 'x') },

  { day: 25, at: '11:05', who: 'hana', confirmsAfter: 2, through: { by: 'kenji', content: null, via: 'line' } },
  { day: 18, at: '22:10', who: 'yui', confirmsAfter: 540, through: kenji('starter-in-seven-days') },
  { day: 10, at: '10:32', who: 'sho', confirmsAfter: 7, through: kenji('oven-lies') },
  { day: 1, at: '12:08', who: 'aoi', confirmsAfter: null, through: kenji('rye-groove') },
  { day: 11, at: '06:14', who: 'daisuke', confirmsAfter: 20, through: { by: 'hana', content: null, via: 'qr' } },

  { day: 26, at: '08:20', who: 'dana', confirmsAfter: 14, through: sofia('bakery-margin', 'linkedin') },
  { day: 25, at: '15:40', who: 'marek', confirmsAfter: 3, through: sofia('bakery-margin', 'linkedin') },
  { day: 22, at: '09:02', who: 'sam', confirmsAfter: 95, through: sofia('millers-weather', 'linkedin') },
  { day: 17, at: '07:55', who: 'ingrid', confirmsAfter: 10, through: sofia('bakery-margin', 'email') },
  { day: 16, at: '23:11', who: 'max', confirmsAfter: 1, through: sofia('bakery-margin', 'reddit') },

  { day: 29, at: '17:45', who: 'anil', confirmsAfter: 60, through: priya('millers-weather', 'email') },
  { day: 5, at: '20:05', who: 'meera', confirmsAfter: 8, through: priya('rye-groove', 'whatsapp') },
];

const DEPARTURES: readonly (When & { who: ReaderName })[] = [{ day: 15, at: '06:30', who: 'max' }];

/** Links passed on where strangers see them. */
const POSTS: readonly (When & Post<ReaderName, ContentSlug>)[] = [
  { day: 40, at: '18:30', by: 'tom', content: 'about', via: 'footer', people: 9 },
  { day: 36, at: '07:55', by: 'ana', content: null, via: 'copy', people: 6 },
  { day: 33, at: '09:10', by: 'sofia', content: 'millers-weather', via: 'linkedin', people: 14 },
  { day: 32, at: '17:20', by: 'priya', content: 'millers-weather', via: 'email', people: 5 },
  { day: 31, at: '20:15', by: 'ana', content: null, via: 'whatsapp', people: 8 },
  { day: 27, at: '08:40', by: 'sofia', content: 'bakery-margin', via: 'linkedin', people: 24 },
  { day: 26, at: '13:05', by: 'ana', content: 'bakery-margin', via: 'email', people: 4 },
  { day: 25, at: '10:30', by: 'kenji', content: null, via: 'line', people: 11 },
  { day: 19, at: '12:00', by: 'ana', content: 'starter-in-seven-days', via: 'facebook', people: 13 },
  { day: 18, at: '21:30', by: 'kenji', content: 'starter-in-seven-days', via: 'line', people: 17 },
  { day: 16, at: '19:00', by: 'sofia', content: 'bakery-margin', via: 'reddit', people: 10 },
  { day: 12, at: '07:05', by: 'ana', content: 'oven-lies', via: 'whatsapp', people: 9 },
  { day: 11, at: '06:00', by: 'hana', content: null, via: 'qr', people: 5 },
  { day: 10, at: '09:50', by: 'kenji', content: 'oven-lies', via: 'line', people: 12 },
  { day: 5, at: '08:30', by: 'ana', content: 'rye-groove', via: 'whatsapp', people: 12 },
  { day: 5, at: '19:30', by: 'priya', content: 'rye-groove', via: 'whatsapp', people: 7 },
  { day: 4, at: '12:40', by: 'ana', content: 'rye-groove', via: 'linkedin', people: 9 },
  { day: 3, at: '21:00', by: 'kenji', content: 'rye-groove', via: 'line', people: 13 },
  { day: 2, at: '08:15', by: 'lena', content: 'rye-groove', via: 'x', people: 6 },
];

/** What happens, `minute` minutes after the midnight (UTC) that ends the story: all are negative. */
export type Step = { minute: number } & (
  | { act: 'publish'; content: DemoContent }
  | { act: 'visit'; visit: StrangerVisit }
  | { act: 'click'; who: string; share: Share }
  | { act: 'join'; who: string; reader: DemoReader }
  | { act: 'confirm'; who: string }
  | { act: 'leave'; who: string; how: 'unsubscribed' | 'bounced' }
  | { act: 'be erased'; who: string }
);

/** The whole story in its order. */
export function steps(): Step[] {
  const random = numbersFrom(SEED);
  const all: Step[] = [
    ...CONTENTS.map((content) => ({ minute: publishedAt(content), act: 'publish', content }) as const),
    ...ARRIVALS.flatMap(arrive),
    ...DEPARTURES.map(
      (leaver) => ({ minute: minuteOf(leaver), act: 'leave', who: leaver.who, how: 'unsubscribed' }) as const,
    ),
    ...POSTS.flatMap((post, index) => visitsTo(post, index, minuteOf(post), random)).map(
      (visit) => ({ minute: visit.minute, act: 'visit', visit }) as const,
    ),
  ];
  return all.sort((a, b) => a.minute - b.minute);
}

export function publishedAt({ day }: Pick<DemoContent, 'day'>): number {
  return minuteOf({ day, at: '06:00' });
}

export function minuteOf({ day, at }: When): number {
  const [hours = 0, minutes = 0] = at.split(':').map(Number);
  return -day * 1440 + hours * 60 + minutes;
}

function arrive(arrival: Arrival): Step[] {
  const { who, confirmsAfter, through } = arrival;
  const clicked = minuteOf(arrival);
  const joined = through === undefined ? clicked : clicked + MINUTES_ON_THE_PAGE;
  return [
    ...(through === undefined ? [] : [{ minute: clicked, act: 'click', who, share: through } as const]),
    { minute: joined, act: 'join', who, reader: READERS[who] },
    ...(confirmsAfter === null ? [] : [{ minute: joined + confirmsAfter, act: 'confirm', who } as const]),
  ];
}

function ana(content: ContentSlug | null, via: Channel): CastShare {
  return { by: 'ana', content, via };
}

function sofia(content: ContentSlug, via: Channel): CastShare {
  return { by: 'sofia', content, via };
}

function priya(content: ContentSlug, via: Channel): CastShare {
  return { by: 'priya', content, via };
}

function kenji(content: ContentSlug): CastShare {
  return { by: 'kenji', content, via: 'line' };
}
