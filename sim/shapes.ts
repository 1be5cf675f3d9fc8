import { aliases } from './attacks/aliases.js';
import { bursts } from './attacks/bursts.js';
import { disposable } from './attacks/disposable.js';
import { paidHands, residential } from './attacks/like-people.js';
import { lookAlike } from './attacks/look-alike.js';
import { oneDevice, oneDeviceOnTheMove } from './attacks/one-device.js';
import { office, teams } from './honest/company.js';
import { families } from './honest/families.js';
import { friends, mobile, viral } from './honest/friends.js';
import { clumsy, inApps, scanned } from './honest/mail-habits.js';
import { university } from './honest/university.js';
import { DAY, type Reader, type Signup, type Truth } from './plan.js';
import type { Cast, Shape } from './shape.js';
import { Random } from './random.js';
import { People } from './world/people.js';

/** In the order of the table. */
export const SHAPES: readonly Shape[] = [
  ...[friends, families, office, teams, mobile, university, viral, scanned, inApps, clumsy],
  ...[aliases, disposable, oneDevice, bursts, lookAlike],
  ...[residential, paidHands, oneDeviceOnTheMove],
];

/** Nine of ten are honest; a program in which more are not has other troubles than counting. */
const SHARES: Record<Truth, number> = { honest: 0.9, attack: 0.08, apart: 0.02 };

/** All that happens in a world of this seed, in no order. */
export function makeSignups(
  seed: string,
  total: number,
  shapes: readonly Shape[] = SHAPES,
  shares: Record<Truth, number> = SHARES,
): Signup[] {
  const random = new Random(seed);
  const people = new People(random.stream('carriers'));
  const someReader = readersFromBefore(random.stream('readers'), people, Math.max(20, Math.round(total / 9)));
  return shapes.flatMap((shape) => {
    const cast: Cast = { random: random.stream(shape.name), people, someReader };
    return shape.make(cast, sizeOf(shape, total * shares[shape.truth]));
  });
}

/** @param total of all shapes with its truth */
function sizeOf(shape: Shape, total: number): number {
  const all = SHAPES.filter(({ truth }) => truth === shape.truth).reduce((sum, { weight }) => sum + weight, 0);
  return Math.max(1, Math.round((total * shape.weight) / all));
}

/** Readers who joined weeks ago. Few share much and many a little: the n-th as often as 1/√n, about. */
function readersFromBefore(random: Random, people: People, count: number): () => Reader {
  const readers: Reader[] = Array.from({ length: count }, () => ({
    email: people.address(random),
    joinedAt: -random.between(1, 60) * DAY,
    browser: people.person(random).somewhere(),
  }));
  return () => readers[Math.floor(random.unit() ** 2 * count)]!;
}
