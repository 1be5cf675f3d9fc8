import { expect, test } from 'vitest';
import { play } from '../../sim/play.js';
import { Product } from '../../sim/product.js';
import { makeSignups, SHAPES } from '../../sim/shapes.js';
import { sum, tally } from '../../sim/tally.js';
import { databaseUrl } from '../support/database.js';

/** More attacks than there are, so that each is as large as attackers make it. */
const SHARES = { honest: 0.62, attack: 0.35, apart: 0.03 };

test('a seed makes the same world each time, nine tenths of it honest', () => {
  const [one, again] = [makeSignups('7', 10_000), makeSignups('7', 10_000)];
  expect(again).toEqual(one);
  const honest = new Set(SHAPES.filter(({ truth }) => truth === 'honest').map(({ name }) => name));
  const share = one.filter(({ shape }) => honest.has(shape)).length / one.length;
  // The last attacker of each kind is not cut short.
  expect(Math.abs(one.length - 10_000)).toBeLessThan(150);
  expect(Math.abs(share - 0.9)).toBeLessThan(0.015);
  expect(new Set(one.map(({ email }) => email)).size).toBe(one.length);
});

// The whole of it, with its targets, is `npm run simulate:fraud`. Here two or three attackers of each kind are not enough to judge by.
test('300 signups at the level strong: no honest one is rejected, few are held, and few of the attacks get through', async () => {
  const signups = makeSignups('7', 300, SHAPES, SHARES);
  const product = await Product.start(databaseUrl(), 'strong');
  const rows = tally(signups, await play(product, signups, () => undefined));
  await product.close();
  const [honest, attack] = [sum(rows, 'honest', 'honest'), sum(rows, 'attacks', 'attack')];
  expect(honest.rejected).toBe(0);
  expect(honest.held - honest.overCap, 'honest ones held on suspicion').toBeLessThanOrEqual(0.02 * honest.signups);
  expect(rows.filter(({ truth }) => truth === 'attack')).toHaveLength(5);
  expect(attack.verified, 'attacks verified by themselves').toBeLessThanOrEqual(0.15 * attack.signups);
}, 600_000);
