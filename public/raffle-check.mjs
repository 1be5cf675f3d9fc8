// Draws a raffle again: node raffle-check.mjs https://…/raffle/{id}
// It proves that the draw was not changed afterwards: the seed is the one whose hash was shown before the period began, and from the
// seed and the list of entries follow the winners. Needs nothing but Node; the calculation in words is on the page of the raffle.
import { createHash } from 'node:crypto';

const page = process.argv[2];
const sha256 = (data) => createHash('sha256').update(data).digest('hex');
const draw = await (await fetch(`${page}/draw.json`)).json();
const list = await (await fetch(`${page}/entries.txt`)).text();

const key = sha256(`${draw.seed}\n${sha256(list)}`);
let left = list
  .split('\n')
  .slice(0, -1)
  .map((line) => line.split(' '));
const winners = [];
for (let k = 1; k <= draw.prizes && left.length > 0; k++) {
  const [position, entry, person] = left[Number(BigInt(`0x${sha256(`${key}:${k}`)}`) % BigInt(left.length))];
  winners.push(`${k}: ${position} ${entry}`);
  left = left.filter((other) => other[2] !== person);
}

const told = draw.winners.map(({ number, position, entry }) => `${number}: ${position} ${entry}`);
const problems = [
  sha256(Buffer.from(draw.seed, 'hex')) === draw.commitment || 'the seed is not the one that was committed',
  sha256(list) === draw.listHash || 'the list is not the one that was drawn from',
  winners.join() === told.join() || 'other entries would have won',
].filter((problem) => problem !== true);
console.log([...winners, ...problems].join('\n'));
process.exitCode = problems.length > 0 ? 1 : 0;
