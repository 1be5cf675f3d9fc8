import { numbersFrom } from '../seed.js';
import { publishedAt, type Step, steps as stepsOfCast } from '../story.js';
import { type StrangerVisit, visitsTo } from '../strangers.js';
import { type Crowd, crowdOf, type Person } from './crowd.js';
import { friendSteps, returnSteps, soonAfter } from './friends.js';
import { type CrowdPost, postsOf, type Sharer } from './posts.js';
import { MORE_CONTENTS } from './publication.js';

/** Another one than the small demo's: share codes are unique over the instance. */
export const FULL_SEED = 20_261_122;

/** What the publisher does at a moment; the editor knows how. */
export type Chore = 'bring the list' | 'hold and schedule' | 'add a rung' | 'go through grants';

export type FullStep = Step | { minute: number; act: 'chore'; chore: Chore };

export interface FullStory {
  /** In their order; visits of strangers are apart, since nothing comes of them. */
  steps: FullStep[];
  visits: StrangerVisit[];
  imported: Person[];
}

const DAY = 1_440;
const IMPORT_MINUTE = -63 * DAY + 540;
/** The program holds friends back from here on, so that the cast's story is told through both ways. */
const HOLD_MINUTE = -12 * DAY;
const LATE_RUNG_MINUTE = -21 * DAY + 480;
/** Mondays, so to speak: the editor goes through what waits once a week. */
const REVIEW_DAYS = [53, 46, 39, 32, 25, 18, 11, 4];
/** The cast's visits have the first numbers, and a number is an address. */
const FIRST_POST = 1_000;

const SHARE_OF_SHARERS = 0.05;
const UNCONFIRMED = 0.05;
const LEAVERS = 0.06;
const BOUNCES = 0.02;
const ERASED = 3;

/** Everything that happens, the same for the same number of readers: the cast's story in the middle of a crowd's. */
export function fullStory(readers: number): FullStory {
  const random = numbersFrom(FULL_SEED);
  const crowd = crowdOf(readers, random);
  const organic = organicArrivals(crowd.organic, random);
  const sharers = sharersOf(crowd, organic.sinceOf, readers, random);
  const posts = postsOf(sharers, random);
  const sharing = new Set(sharers.map(({ who }) => who));
  const [quiet, quieter] = halves(crowd.imported.filter(({ who }) => !sharing.has(who)));
  const all: FullStep[] = [
    ...stepsOfCast(),
    ...MORE_CONTENTS.map((content) => ({ minute: publishedAt(content), act: 'publish', content }) as const),
    ...organic.steps,
    ...friendSteps(posts, crowd.friends, quiet.slice(-40), random),
    ...returnSteps(posts, quiet.slice(0, Math.ceil(readers / 100)), random),
    ...departures(quieter, random),
    ...chores(),
  ];
  const visits = [...all.flatMap((step) => (step.act === 'visit' ? [step.visit] : [])), ...visitsOf(posts, random)];
  return {
    steps: all.filter(({ act }) => act !== 'visit').sort((a, b) => a.minute - b.minute),
    visits: visits.sort((a, b) => a.minute - b.minute),
    imported: crowd.imported,
  };
}

function chores(): FullStep[] {
  const chore = (minute: number, chore: Chore) => ({ minute, act: 'chore', chore }) as const;
  return [
    chore(IMPORT_MINUTE, 'bring the list'),
    chore(HOLD_MINUTE, 'hold and schedule'),
    chore(LATE_RUNG_MINUTE, 'add a rung'),
    ...REVIEW_DAYS.map((day) => chore(-day * DAY + 600, 'go through grants')),
  ];
}

/** Readers who find the publication by themselves; `sinceOf` has the moments at which they confirmed. */
function organicArrivals(organic: readonly Person[], random: () => number) {
  const sinceOf = new Map<string, number>();
  const steps = organic.flatMap(({ who, reader }, n): Step[] => {
    const joined = -DAY * (61 - 60.9 * ((n + random()) / organic.length));
    const join: Step = { minute: joined, act: 'join', who, reader };
    if (random() < UNCONFIRMED) return [join];
    const confirmed = soonAfter(joined, 20, random);
    sinceOf.set(who, confirmed);
    return [join, { minute: confirmed, act: 'confirm', who }];
  });
  return { steps, sinceOf };
}

/** Who shares: of the publisher's list, and of those who came by themselves more than a month before the end. */
function sharersOf(
  crowd: Crowd,
  sinceOf: ReadonlyMap<string, number>,
  readers: number,
  random: () => number,
): Sharer[] {
  const count = Math.round(readers * SHARE_OF_SHARERS);
  const old = crowd.imported.map((person) => ({ ...person, since: -60 * DAY }));
  const young = crowd.organic
    .map((person) => ({ ...person, since: sinceOf.get(person.who) ?? 0 }))
    .filter(({ since }) => since < -30 * DAY);
  const candidates = [...old.slice(0, Math.ceil(count * 0.6)), ...young.slice(0, Math.floor(count * 0.4))];
  return candidates
    .map((sharer) => ({ sharer, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ sharer }) => sharer);
}

/** Readers of the old list who leave, whose mailbox is gone, and three who want to be forgotten. */
function departures(people: readonly Person[], random: () => number): Step[] {
  return people.flatMap(({ who }, n): Step[] => {
    const dice = random();
    const minute = -62 * DAY + random() * 61 * DAY;
    if (n >= 2 && n < 2 + ERASED) return [{ minute, act: 'be erased', who }];
    if (n === 0 || dice < LEAVERS) return [{ minute, act: 'leave', who, how: 'unsubscribed' }];
    if (n === 1 || dice < LEAVERS + BOUNCES) return [{ minute, act: 'leave', who, how: 'bounced' }];
    return [];
  });
}

function visitsOf(posts: readonly CrowdPost[], random: () => number): StrangerVisit[] {
  return posts.flatMap((post, n) => visitsTo(post, FIRST_POST + n, post.minute, random));
}

function halves<T>(all: readonly T[]): [T[], T[]] {
  const middle = Math.floor(all.length / 2);
  return [all.slice(0, middle), all.slice(middle)];
}
