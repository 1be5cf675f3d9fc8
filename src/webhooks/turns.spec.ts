import { describe, expect, it } from 'vitest';
import { takeTurns } from './turns.js';

const well = (webhookId: string) => ({ publicationId: 'p', webhookId, isFailing: false });
const failing = (webhookId: string) => ({ publicationId: 'p', webhookId, isFailing: true });

/** `inFlight` as `{a: 3}`; a name in capitals fails. */
function turns(due: string, inFlight: Record<string, number> = {}, served: string[] = []) {
  const of = (name: string) => (name === name.toUpperCase() ? failing(name) : well(name));
  const traffic = {
    inFlight: new Map(Object.entries(inFlight).map(([name, count]) => [name, { count, ...of(name) }])),
    served,
  };
  return takeTurns([...due].map(of), traffic)
    .map(({ endpoint, places }) => `${endpoint.webhookId}${places}`)
    .join(' ');
}

describe('takeTurns', () => {
  it.each([
    ['nothing due', '', {}, [], ''],
    ['one endpoint leaves places for others', 'a', {}, [], 'a3'],
    ['two share', 'ab', {}, [], 'a3 b2'],
    ['whoever waited longest comes first', 'ab', {}, ['a', 'b'], 'a3 b2'],
    ['… also where the other was served before', 'ab', {}, ['b', 'a'], 'b3 a2'],
    ['… and who never was, before all', 'abc', {}, ['a', 'b'], 'c3 a2'],
    ['one that hangs for the first time does not fill everything', 'a', { a: 3 }, [], ''],
    ['… and others go on', 'ab', { a: 3 }, [], 'b2'],
    ['a failing one has one try at a time', 'A', {}, [], 'A1'],
    ['… and no second beside it', 'A', { A: 1 }, [], ''],
    ['failing ones together have two', 'ABC', {}, [], 'A1 B1'],
    ['… and take turns', 'ABC', { B: 1 }, ['C', 'B', 'A'], 'C1'],
    ['the well ones come before the failing', 'Aab', {}, ['a', 'b'], 'a3 b2'],
    ['… and always find room beside them', 'ab', { A: 1, B: 1 }, [], 'a3'],
    ['nothing is free', 'abA', { c: 3, d: 2 }, [], ''],
  ])('%s', (_, due, inFlight, served, expected) => {
    expect(turns(due, inFlight as Record<string, number>, served)).toBe(expected);
  });
});
