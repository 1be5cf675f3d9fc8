import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  attribute,
  type AttributionOutcome,
  type AttributionSettings,
  type Candidate,
  explain,
  LOSSES,
  MOST_JUDGED,
  worthJudging,
} from './attribution.js';

const NOW = new Date('2026-11-21T12:00:00Z');
const DAY = 86_400_000;
const ago = (days: number) => new Date(NOW.getTime() - days * DAY);

type Model = AttributionSettings['model'];

/** A click of an owner of its own, unless said whose. */
const click = (id: string, days: number, model: Model = 'first', windowDays = 30, owner = `of ${id}`): Candidate => ({
  click: { id, at: ago(days) },
  participantId: owner,
  settings: { model, windowDays },
});
const code = (owner: string, model: Model = 'first'): Candidate => ({
  click: null,
  participantId: owner,
  settings: { model, windowDays: 30 },
});

/** `a won, b later_than_first`; codes by their owner. */
const told = (candidates: Candidate[]) =>
  attribute(candidates, NOW)
    .map(({ candidate, outcome }) => `${candidate.click?.id ?? candidate.participantId} ${outcome}`)
    .join(', ');

describe('attribute', () => {
  it.each<[what: string, candidates: Candidate[], expected: string]>([
    ['nothing', [], ''],
    ['one click', [click('a', 2)], 'a won'],
    ['the first of two clicks', [click('b', 2), click('a', 5)], 'a won, b later_than_first'],
    [
      'the last where the program says so',
      [click('a', 5, 'last'), click('b', 2, 'last')],
      'a earlier_than_last, b won',
    ],
    ['a click at the very end of the window', [click('a', 30)], 'a won'],
    ['no click that is too old', [click('a', 30.001)], 'a out_of_window'],
    ['the second when the first is too old', [click('a', 30.001), click('b', 2)], 'a out_of_window, b won'],
    ['the smaller id of two at the same moment', [click('b', 2), click('a', 2)], 'a won, b later_than_first'],
    [
      'the larger id where the last one counts',
      [click('b', 2, 'last'), click('a', 2, 'last')],
      'a earlier_than_last, b won',
    ],
    [
      'each click within the window of its own program',
      [click('a', 9, 'first', 7), click('b', 8, 'first', 10)],
      'a out_of_window, b won',
    ],
    [
      'by the program of the first click, among its own kind',
      [click('a', 5, 'last'), click('b', 3, 'first'), click('c', 4, 'last')],
      'a earlier_than_last, c won, b other_model',
    ],
    [
      'the first, whatever the program of a later one credits',
      [click('a', 5, 'first'), click('b', 3, 'last')],
      'a won, b later_than_first',
    ],
    [
      'by the first click in its window, not by one that is too old',
      [click('a', 31, 'first'), click('b', 5, 'last'), click('c', 3, 'last')],
      'a out_of_window, b earlier_than_last, c won',
    ],
    ['a bare code where there is no click', [code('somebody')], 'somebody won'],
    ['no bare code beside a click in its window', [click('a', 1), code('somebody')], 'a won, somebody code_only'],
    [
      'a bare code of somebody else than a click that is too old',
      [click('a', 31), code('x')],
      'a out_of_window, x won',
    ],
    ['nothing for a code whose own click is too old', [click('a', 31), code('of a')], 'a out_of_window'],
    ['a click and not its code beside it', [click('a', 1), code('of a')], 'a won'],
    ['one of several codes', [code('y'), code('x')], 'x won, y code_only'],
    ['a click that the clock has put into the future', [click('a', -1)], 'a won'],
  ])('credits %s', (_, candidates, expected) => {
    expect(told(candidates)).toBe(expected);
    expect(told([...candidates].reverse())).toBe(expected);
  });
});

const anyModel = fc.constantFrom<Model>('first', 'last');
const anyClicks = fc.uniqueArray(
  fc.record({
    id: fc.string({ minLength: 1, maxLength: 4 }),
    // Few whole days: many clicks of the same moment, and at the very end of a window.
    days: fc.integer({ min: -1, max: 12 }),
    model: anyModel,
    windowDays: fc.constantFrom(1, 5, 10),
    owner: fc.constantFrom('p', 'q', 'r'),
  }),
  { selector: ({ id }) => id, maxLength: 8 },
);
const anyCodes = fc.uniqueArray(fc.constantFrom('p', 'q', 'x'), { maxLength: 2 });
const anyCandidates = fc
  .tuple(anyClicks, anyCodes, anyModel)
  .map(([clicks, owners, model]) => [
    ...clicks.map(({ id, days, model, windowDays, owner }) => click(id, days, model, windowDays, owner)),
    ...owners.map((owner) => code(owner, model)),
  ]);
const RUNS = { numRuns: 2_000 };

/** The same decision as the glossary has it, told step by step. */
function winnerByTheBook(candidates: Candidate[]): Candidate | undefined {
  let deciding: Candidate | undefined;
  for (const candidate of candidates) {
    if (!isGood(candidate)) continue;
    if (deciding === undefined || isBefore(candidate, deciding)) deciding = candidate;
  }
  if (deciding === undefined) {
    const clickers = candidates.filter((c) => c.click).map((c) => c.participantId);
    const codes = candidates.filter((c) => !c.click && !clickers.includes(c.participantId));
    return codes.sort((a, b) => a.participantId.localeCompare(b.participantId))[0];
  }
  let winner = deciding;
  for (const candidate of candidates) {
    if (deciding.settings.model === 'first' || !isGood(candidate) || candidate.settings.model === 'first') continue;
    if (isBefore(winner, candidate)) winner = candidate;
  }
  return winner;
}
const isGood = ({ click, settings }: Candidate) => click !== null && click.at >= ago(settings.windowDays);
const isBefore = (a: Candidate, b: Candidate) =>
  +a.click!.at < +b.click!.at || (+a.click!.at === +b.click!.at && a.click!.id < b.click!.id);

describe('whatever a browser presents', () => {
  it('is decided as the book says: one wins, or none where there is nothing to credit', () => {
    fc.assert(
      fc.property(anyCandidates, (candidates) => {
        const winners = attribute(candidates, NOW).filter(({ outcome }) => outcome === 'won');
        expect(winners.map(({ candidate }) => candidate)).toEqual([winnerByTheBook(candidates)].filter(Boolean));
      }),
      RUNS,
    );
  });

  it('is decided alike in whatever order it comes', () => {
    const shuffled = anyCandidates.chain((candidates) =>
      fc.tuple(fc.constant(candidates), fc.shuffledSubarray(candidates, { minLength: candidates.length })),
    );
    fc.assert(
      fc.property(shuffled, ([candidates, otherwise]) => {
        expect(attribute(otherwise, NOW)).toEqual(attribute(candidates, NOW));
      }),
      RUNS,
    );
  });

  it('is answered for each click once, and losing is true to its reason', () => {
    fc.assert(
      fc.property(anyCandidates, (candidates) => {
        const judged = attribute(candidates, NOW);
        expect(judged.flatMap(({ candidate: { click } }) => click?.id ?? []).sort()).toEqual(
          candidates.flatMap(({ click }) => click?.id ?? []).sort(),
        );
        const winner = judged.find(({ outcome }) => outcome === 'won')?.candidate;
        for (const { candidate, outcome } of judged) {
          expect(outcome === 'out_of_window').toBe(candidate.click !== null && !isGood(candidate));
          expect(outcome === 'code_only').toBe(candidate.click === null && candidate !== winner);
          if (outcome === 'later_than_first') expect(isBefore(winner!, candidate)).toBe(true);
          if (outcome === 'earlier_than_last') expect(isBefore(candidate, winner!)).toBe(true);
          if (outcome === 'other_model') {
            expect([winner!.settings.model, candidate.settings.model]).toEqual(['last', 'first']);
          }
        }
      }),
      RUNS,
    );
  });

  it('is decided alike with and without what is too old', () => {
    fc.assert(
      fc.property(anyClicks, (found) => {
        const clicks = found.map(({ id, days, model, windowDays }) => click(id, days, model, windowDays));
        const won = (candidates: Candidate[]) =>
          attribute(candidates, NOW).find(({ outcome }) => outcome === 'won')?.candidate;
        expect(won(clicks.filter(isGood))).toEqual(won(clicks));
      }),
      RUNS,
    );
  });
});

describe('worthJudging', () => {
  const ids = Array.from({ length: 50 }, (_, n) => `0193515c-${String(n).padStart(4, '0')}-7000-8000-000000000000`);

  it('takes each click once', () => {
    expect(worthJudging([ids[2]!, ids[1]!, ids[2]!])).toEqual([ids[1], ids[2]]);
    expect(worthJudging(ids.slice(0, MOST_JUDGED))).toEqual(ids.slice(0, MOST_JUDGED));
  });

  it('takes the oldest and the newest of too many, in whatever order they come', () => {
    expect(worthJudging(ids)).toEqual([...ids.slice(0, 10), ...ids.slice(40)]);
    fc.assert(
      fc.property(fc.shuffledSubarray(ids, { minLength: ids.length }), (shuffled) => {
        expect(worthJudging(shuffled)).toEqual(worthJudging(ids));
      }),
    );
  });
});

describe('explain', () => {
  const decision = { clickedAt: ago(31.25), signedUpAt: NOW, model: 'last', windowDays: 30 } as const;

  it.each<[outcome: AttributionOutcome, said: string]>([
    ['won', 'The last click within the window of 30 days; this program credits the last one.'],
    ['out_of_window', 'Clicked 31.3 days before the signup. The window of its program is 30 days.'],
    ['earlier_than_last', 'A later click came, and the program of the earliest one credits the last.'],
  ])('%s is told exactly', (outcome, said) => {
    expect(explain({ ...decision, outcome })).toBe(said);
  });

  it('says of a code that it came without a click', () => {
    expect(explain({ ...decision, clickedAt: null, outcome: 'won' })).toMatch(/^A share code without a click/);
  });

  it('has a sentence of its own for each outcome', () => {
    const sentences = ['won' as const, ...LOSSES].map((outcome) => explain({ ...decision, outcome }));
    expect(new Set(sentences).size).toBe(LOSSES.length + 1);
  });
});
