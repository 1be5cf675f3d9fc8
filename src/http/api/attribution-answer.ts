import { z } from 'zod';
import { type AttributionOutcome, explain, LOSSES } from '../../domain/attribution.js';
import type { ReferralClickRow } from '../../referrals/referral-click.store.js';
import { AnsweredInstant } from './fields.js';

const OUTCOMES = ['won', ...LOSSES] as const satisfies readonly AttributionOutcome[];

/** One of the links that the browser of a signup presented, and what was decided of it. */
export const AttributionAnswer = z
  .object({
    outcome: z.enum(OUTCOMES),
    reason: z.string().meta({ description: 'The outcome in a sentence, for staff.' }),
    click: z
      .object({ id: z.uuid(), at: AnsweredInstant })
      .nullable()
      .meta({ description: 'Null where a share code came without a click.' }),
    referrer: z.object({ id: z.uuid(), email: z.string().nullable(), shareCode: z.string() }),
    program: z.string(),
    content: z.string().nullable(),
    channel: z.string(),
    model: z.enum(['first', 'last']).meta({ description: 'Of the program, at the signup; so is the window.' }),
    windowDays: z.number().int(),
    signedUpAt: AnsweredInstant,
  })
  .meta({ id: 'Attribution' });

export function attributionAnswer(judged: ReferralClickRow): object {
  return {
    outcome: judged.outcome,
    reason: explain(judged),
    click: judged.clickId && { id: judged.clickId, at: judged.clickedAt },
    referrer: { id: judged.participantSubscriberId, email: judged.participantEmail, shareCode: judged.shareCode },
    program: judged.programSlug,
    content: judged.contentSlug,
    channel: judged.channel,
    model: judged.model,
    windowDays: judged.windowDays,
    signedUpAt: judged.signedUpAt,
  };
}
