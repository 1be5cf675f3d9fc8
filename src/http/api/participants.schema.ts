import { z } from 'zod';
import { PARTICIPANT_STATUSES } from '../../domain/participation.js';
import { PageQuery } from '../../platform/page.js';
import { AnsweredInstant, Id, listOf, ReaderAddress } from './fields.js';

export const NewParticipant = z
  .strictObject({
    subscriberId: Id.optional(),
    email: ReaderAddress.optional().meta({ description: 'Of a subscriber; an address that nobody has is 422.' }),
    requirements: z
      .record(z.string().max(40), z.boolean())
      .refine((named) => Object.keys(named).length <= 10, 'at most 10 requirements')
      .optional()
      .meta({
        description: 'Ticks off what the program requires, or takes it back. What is not named stays.',
        example: { fee: true },
      }),
    ask: z.boolean().optional().meta({
      description:
        'With access `invite`: true asks by mail, and the reader takes part once they agree; else they take part at once, or once all that is required is ticked off.',
    }),
  })
  .refine(({ subscriberId, email }) => (subscriberId === undefined) !== (email === undefined), {
    path: ['subscriberId'],
    error: 'must be given, or email, and not both',
  });

export const ParticipantQuery = PageQuery.extend({
  status: z.enum(PARTICIPANT_STATUSES).optional(),
  subscriberId: Id.optional(),
});

export const ParticipantAnswer = z
  .object({
    id: z.uuid(),
    program: z.string(),
    subscriber: z.object({
      id: z.uuid(),
      email: z.string().nullable(),
      firstName: z.string().nullable(),
      status: z.string(),
    }),
    status: z.enum(PARTICIPANT_STATUSES).meta({ description: 'Only who is `active` has a share link and earns.' }),
    requirements: z
      .record(z.string(), z.boolean())
      .meta({ description: 'Each requirement of the program: ticked off or not.' }),
    answers: z
      .record(z.string(), z.string())
      .meta({ description: 'What an applicant wrote, by field; `why` is the free text.' }),
    shareCode: z.string().nullable(),
    shareUrl: z.string().nullable(),
    referralCount: z.number().int(),
    invitedUntil: AnsweredInstant.nullable().meta({
      description: 'Until when an invitation waits for the reader; then it is taken back, and staff may invite anew.',
    }),
    appliedAt: AnsweredInstant.nullable(),
    decidedAt: AnsweredInstant.nullable().meta({ description: 'When staff approved or rejected.' }),
    createdAt: AnsweredInstant,
  })
  .meta({ id: 'Participant' });
export const ParticipantList = listOf(ParticipantAnswer);
