import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { PRESETS } from '../../domain/presets.js';
import type { Preset, PresetProgram } from '../../domain/presets/preset.js';
import { NewContest, NewRaffle } from './contests.schema.js';
import { NewMilestone } from './milestones.schema.js';
import { NewProgram, ProgramChanges } from './programs.schema.js';
import { columnsOf, NewReward } from './rewards.schema.js';

const DOCS = readFileSync(path.resolve(import.meta.dirname, '../../../docs/presets.md'), 'utf8');
const ID = '01900000-0000-7000-8000-000000000000';

it('has the programs that are promised, each once', () => {
  expect(PRESETS.map(({ name }) => name)).toEqual([
    'newsletter-milestones', 'trello', 'getresponse', 'activecampaign', 'hiver', 'hubspot-partner', 'hubspot-affiliate', 'monday',
    'salesforce', 'hilti', 'reviews', 'raffle', 'monthly-contest', 'per-seat',
  ]); // prettier-ignore
});

it('is documented in the order of the list', () => {
  expect([...DOCS.matchAll(/^## `(.+)`$/gm)].map(([, name]) => name)).toEqual(PRESETS.map(({ name }) => name));
});

describe.each(PRESETS.map((preset) => [preset.name, preset] as const))('the preset %s', (_, preset) => {
  it('says of itself what its section of the documentation says', () => {
    expect(DOCS).toContain(`## \`${preset.name}\`\n\n${preset.explanation}\n`);
  });

  it('has rewards that the API takes and would keep just so', () => {
    for (const { kind, name, url, description, terms } of Object.values(preset.rewards)) {
      const address = url === undefined ? undefined : new URL(url, 'https://letter.example').href;
      const told = NewReward.parse({ kind, name, description, ...(address && { url: address }), ...terms });
      const kept = {
        kind,
        name,
        url: address ?? null,
        code: null,
        description: description ?? null,
        terms: terms ?? {},
      };
      expect(columnsOf(told)).toEqual(kept);
    }
  });

  it('has settings and rules that the API takes', () => {
    expect(ProgramChanges.parse({ ...preset.program.settings, ...preset.program.texts })).toMatchObject({
      ...preset.program.settings,
      ...preset.program.texts,
    });
    expectRules(preset, preset.program);
    for (const { slug, title, ...program } of preset.beside ?? []) {
      NewProgram.parse({ slug, name: title, ...program.settings, ...program.texts });
      expectRules(preset, program);
    }
  });
});

function expectRules({ rewards }: Preset, { milestones = [], contests = [], raffles = [] }: PresetProgram): void {
  const rewardId = (called: string) => (rewards[called] === undefined ? called : ID);
  expect(milestones.length + contests.length + raffles.length).toBeGreaterThan(0);
  for (const { reward, recipient = 'referrer', ...rule } of milestones) {
    NewMilestone.parse({ ...rule, recipient, past: 'ignore', rewardId: rewardId(reward) });
  }
  for (const { prizes, ...contest } of contests) {
    NewContest.parse({
      ...{ ...contest, period: 'month' },
      prizes: prizes.map(({ rank, reward }) => ({ rank, rewardId: rewardId(reward) })),
    });
  }
  for (const { name, prizes, entry, startsInDays } of raffles) {
    expect(startsInDays).toBeGreaterThan(0);
    NewRaffle.parse({
      ...{ name, from: '2026-12-01', to: '2026-12-30', entryRewardId: rewardId(entry) },
      prizes: prizes.map(({ reward, count }) => ({ count, rewardId: rewardId(reward) })),
    });
  }
}
