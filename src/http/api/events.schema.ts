import { z } from 'zod';
import { MOST_ATTRIBUTES } from '../../domain/attributes.js';
import { EVENT_TYPES, STAGE_NAME } from '../../domain/stages.js';
import { Id, Instant, line, MoneyField, ReaderAddress } from './fields.js';

const PEOPLE = ['email', 'subscriberId', 'externalId'] as const;
const DAY_ONE = '1970-01-01T00:00:00Z';

export const NewEvent = z
  .strictObject({
    id: line(200).meta({
      description:
        'Your own, such as the id in your shop. The same id with the same body is taken in once, for ever; with another body it is a 409.',
    }),
    type: z
      .string()
      .regex(STAGE_NAME, `must be one of ${EVENT_TYPES.join(', ')}, or a stage of a program`)
      .meta({
        description:
          '`qualified`, `purchased`, `refunded`, `engaged` (a click of a person in a mail), `reviewed`, `nps`, or a stage of a program.',
        example: 'purchased',
      }),
    email: ReaderAddress.nullish(),
    subscriberId: Id.nullish(),
    externalId: line(200).nullish(),
    at: Instant.refine((at) => at >= DAY_ONE, 'must be after 1970')
      .nullish()
      .meta({
        description: 'When it happened; now if it is not said. Say it, where events may come late or in any order.',
      }),
    plan: line(100).nullish(),
    seats: z.number().int().min(1).max(1_000_000).nullish(),
    value: MoneyField.nullish(),
    score: z.number().int().min(0).max(10).nullish().meta({ description: 'Of `nps`: 0 to 10.' }),
    of: line(200).nullish().meta({
      description: 'Of `refunded`: the id of the purchase; without it the latest before `at` that is not refunded.',
    }),
    attributes: z
      .record(
        z.string().max(64, 'a name has at most 64 characters'),
        z.union([z.string().max(1_000), z.number(), z.boolean(), z.null()]),
      )
      .refine((given) => Object.keys(given).length <= MOST_ATTRIBUTES, `at most ${MOST_ATTRIBUTES} attributes`)
      .nullish()
      .meta({ description: 'Facts about the reader, merged with what is known; null takes one away.' }),
  })
  .superRefine((event, context) => {
    const given = PEOPLE.filter((field) => event[field] != null);
    const message = `give one of ${PEOPLE.join(', ')}`;
    for (const field of given.length === 0 ? PEOPLE : given.slice(1)) {
      context.addIssue({ code: 'custom', path: [field], message });
    }
    if (event.type === 'nps' && event.score == null) {
      context.addIssue({ code: 'custom', path: ['score'], message: 'is needed for nps: 0 to 10' });
    }
  });

export const EventAnswer = z
  .object({
    accepted: z.boolean().meta({ description: 'False when the publication knows no such person; nothing is stored.' }),
    duplicate: z.boolean().meta({ description: 'True when this id had been taken in before.' }),
  })
  .meta({ id: 'EventTaken' });
