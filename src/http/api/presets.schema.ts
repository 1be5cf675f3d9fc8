import { z } from 'zod';
import { PRESETS } from '../../domain/presets.js';
import { listOf } from './fields.js';

const NAMES = PRESETS.map(({ name }) => name);

export const PresetChoice = z.strictObject({
  preset: z.enum(NAMES).meta({ example: 'newsletter-milestones' }),
});

export const PresetList = listOf(z.object({ name: z.string(), explanation: z.string() }));

export const AppliedAnswer = z
  .object({
    preset: z.string(),
    programs: z
      .array(z.object({ id: z.uuid(), slug: z.string(), name: z.string() }))
      .meta({ description: 'The program it was applied to, then those that were made beside it.' }),
    rewards: z.array(z.object({ id: z.uuid(), name: z.string(), kind: z.string() })),
    milestones: z.array(z.object({ id: z.uuid(), name: z.string(), program: z.string(), rewardId: z.uuid() })),
    contests: z.array(z.object({ id: z.uuid() })),
    raffles: z.array(z.object({ id: z.uuid() })),
  })
  .meta({ id: 'AppliedPreset' });
