import { describe, expect, test } from 'vitest';
import { stageNameProblem, stagesInOrder, stagesOfMilestones } from './stages.js';

describe('the name of a stage', () => {
  test.each(['demo', 'trial_started', 'a1', 'x'.repeat(31)])('%s may be one', (name) =>
    expect(stageNameProblem(name)).toBeNull(),
  );
  test.each(['', 'a', 'Demo', '1demo', '_demo', 'demo-held', 'démo', 'x'.repeat(32)])('%j may not', (name) =>
    expect(stageNameProblem(name)).toMatch(/^must be/),
  );
  test.each(['signed_up', 'verified', 'qualified', 'purchased', 'refunded', 'engaged', 'reviewed', 'nps'])(
    '%s is taken',
    (name) => expect(stageNameProblem(name)).toMatch(/uses itself/),
  );
});

test('stages of a program come after verified and before qualified', () => {
  expect(stagesInOrder(['demo', 'trial'])).toEqual(['verified', 'demo', 'trial', 'qualified', 'purchased']);
  expect(stagesOfMilestones([])).toEqual(['verified', 'qualified', 'purchased', 'reviewed']);
});
