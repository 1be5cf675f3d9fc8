import { z } from 'zod';
import { LONGEST_MESSAGE, VARIANT_KINDS } from '../../domain/share-words.js';
import { line, text } from './fields.js';

export const ShareMessage = text(LONGEST_MESSAGE)
  .refine((message) => message.split('{url}').length <= 2, 'may hold {url} once')
  .meta({
    description:
      'What a participant says to a friend, in their voice; `{url}` stands for their link, at the end unless said.',
  });

export const JoinPage = z
  .strictObject({
    heading: line(120).optional(),
    lead: text(500).optional(),
    gets: z.array(line(200)).max(6, 'at most 6 lines').optional(),
  })
  .meta({
    description:
      'What the join page says: heading, a sentence, and what one gets in a few lines; plain words where not.',
  });

const ShareVariant = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case letters, digits and single hyphens')
    .max(40, 'must have at most 40 characters')
    .meta({ description: 'In links as `for`.', example: 'bakers' }),
  label: line(80).meta({ description: 'For whom it is, as the participant reads it.' }),
  by: z.enum(VARIANT_KINDS),
  message: ShareMessage,
  join: JoinPage,
});

export const ShareVariants = z
  .array(ShareVariant)
  .max(20, 'at most 20 variants')
  .refine((variants) => new Set(variants.map(({ name }) => name)).size === variants.length, 'a name comes twice')
  .meta({
    description:
      "Other words for some friends, by their industry, role or company size: the participant chooses, the link carries `for`, and the join page says the variant's words.",
  });
