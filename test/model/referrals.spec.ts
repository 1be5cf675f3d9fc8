import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PlainModel } from './plain-model.js';
import { PureLoop } from './pure-loop.js';
import { someSetting, someSteps } from './steps.js';

/* The rules against the plain model; test/medium/model.medium.ts plays the same on PostgreSQL. RUNS and SEED as there. */

const RUNS = Number(process.env['RUNS'] ?? 2_000);
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

test(`the rules do with referrals what the model does, ${RUNS} times`, { timeout: 600_000 }, () => {
  let [steps, changes] = [0, 0];
  const walked = new Set<string>();
  fc.assert(
    fc.property(someSetting, someSteps(80), (setting, all) => {
      const [model, rules] = [new PlainModel(setting), new PureLoop(setting)];
      for (const step of all) {
        expect(rules.take(step), JSON.stringify(step)).toEqual(model.take(step));
      }
      expect(rules.shown()).toEqual(model.shown());
      steps += all.length;
      for (const { history } of model.shown().referrals) {
        changes += history.length;
        for (const change of history) walked.add(change.replace(/ [(].*/, ''));
      }
    }),
    { numRuns: RUNS, seed: SEED },
  );
  console.log(
    `pure rules: ${RUNS} lives, seed ${SEED}, ${steps} steps, ${changes} changes of a referral, 0 differences`,
  );
  // A model of lives in which nothing happens would agree with anything.
  expect([...walked].sort()).toEqual([
    'expired > pending',
    'held > delay',
    'held > engagement',
    'held > rejected',
    'held > verified',
    'new > pending',
    'new > rejected',
    'pending > delay',
    'pending > engagement',
    'pending > expired',
    'pending > rejected',
    'pending > review',
    'pending > verified',
    'rejected > review',
    'rejected > verified',
    'reversed > verified',
    'verified > reversed',
  ]);
});
