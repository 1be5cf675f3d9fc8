import type { DemoReader } from '../cast.js';
import type { Step } from '../story.js';
import type { Person } from './crowd.js';
import { type CrowdPost, placeIn } from './posts.js';

/** Known for throw-away mailboxes, as the cast's one exception; whoever has one leaves again, so is never mailed. */
const THROW_AWAY = ['guerrillamail.com', 'yopmail.com', 'mailinator.com'];

/** What becomes of who came through a link, of a hundred. The rest confirms. */
const ENDINGS = { unconfirmed: 14, aliasOfEarlier: 3, aliasOfReferrer: 3, throwAway: 1 };
type Ending = keyof typeof ENDINGS | 'confirmed';

const HOUR = 60;
const DAY = 1_440;
/** Of those who confirmed: so many leave again, half of them while their referral may still be held. */
const LEAVERS = 0.08;

/** New readers who come through links. `earlier` are readers with whom some of them share a mailbox. */
export function friendSteps(
  posts: readonly CrowdPost[],
  friends: readonly Person[],
  earlier: readonly Person[],
  random: () => number,
): Step[] {
  const weights = posts.map(({ weight }) => weight);
  return friends.flatMap((friend, n) => {
    const post = posts[placeIn(weights, random)]!;
    const ending = endingOf(n, random);
    const reader = { ...friend.reader, email: addressFor(ending, friend, post, earlier[n % earlier.length]!, n) };
    return arrival(friend.who, reader, post, ending, random);
  });
}

/** Readers who follow a link although the publication has them: none of them counts. Every second is the sharer, who tries the own link. */
export function returnSteps(posts: readonly CrowdPost[], known: readonly Person[], random: () => number): Step[] {
  return known.flatMap((person, n) => {
    const post = posts[Math.floor(((n + 1) / (known.length + 1)) * posts.length)]!;
    const { who, reader } = n % 2 === 0 ? person : post.sharer;
    return arrival(who, reader, post, 'unconfirmed', random);
  });
}

/** One of each first, so that a small crowd has them too. */
function endingOf(n: number, random: () => number): Ending {
  const endings = Object.entries(ENDINGS) as [Ending, number][];
  const early = endings[n]?.[0];
  if (early !== undefined) return early;
  let dice = random() * 100;
  return endings.find(([, share]) => (dice -= share) < 0)?.[0] ?? 'confirmed';
}

function addressFor(ending: Ending, friend: Person, { sharer }: CrowdPost, earlier: Person, n: number): string {
  switch (ending) {
    case 'aliasOfEarlier':
      return earlier.reader.email.replace('@', `+loaf${n}@`);
    case 'aliasOfReferrer':
      return sharer.reader.email.replace('@', `+again${n}@`);
    case 'throwAway':
      return `bread${n}@${THROW_AWAY[n % THROW_AWAY.length]!}`;
    default:
      return friend.reader.email;
  }
}

function arrival(who: string, reader: DemoReader, post: CrowdPost, ending: Ending, random: () => number): Step[] {
  const { by, content, via } = post;
  const clicked = soonAfter(post.minute, 20 * HOUR, random);
  const joined = soonAfter(clicked, 3, random);
  const steps: Step[] = [
    { minute: clicked, act: 'click', who, share: { by, content, via } },
    { minute: joined, act: 'join', who, reader },
  ];
  if (ending === 'unconfirmed') return steps;
  const confirmed = soonAfter(joined, random() < 0.8 ? 15 : 8 * HOUR, random);
  steps.push({ minute: confirmed, act: 'confirm', who });
  const left = leavingMinute(ending, confirmed, random);
  if (left !== null) steps.push({ minute: left, act: 'leave', who, how: 'unsubscribed' });
  return steps;
}

/** When somebody who confirmed leaves again; null for who stays. A throw-away mailbox is left within the story in any case. */
function leavingMinute(ending: Ending, confirmed: number, random: () => number): number | null {
  if (ending === 'throwAway') return soonAfter(confirmed, DAY, random);
  if (ending !== 'confirmed' || random() >= LEAVERS) return null;
  const left = confirmed + (random() < 0.5 ? 5 * HOUR + random() * DAY : random() * 12 * DAY);
  return left < 0 ? left : null;
}

/** Two thirds come within `minutes`. What would come after the story's end comes earlier instead. */
export function soonAfter(minute: number, minutes: number, random: () => number): number {
  const delay = 0.2 - Math.log(1 - random()) * minutes;
  return minute + (delay < -minute * 0.9 ? delay : -minute * random() * 0.9);
}
