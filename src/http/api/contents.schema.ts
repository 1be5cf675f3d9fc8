import { z } from 'zod';
import { AnsweredInstant, Instant, line, WebUrl } from './fields.js';

const Kind = z.enum(['issue', 'article', 'page']);
export const PutContent = z.strictObject({
  title: line(300),
  description: line(300).nullish().meta({ description: 'What the preview of a shared link says below the title.' }),
  url: WebUrl,
  kind: Kind,
  publishedAt: Instant.nullish(),
});
export const ContentAnswer = z
  .object({
    id: z.uuid(),
    slug: z.string(),
    title: z.string(),
    description: z.string().nullable(),
    url: z.string(),
    kind: Kind,
    publishedAt: AnsweredInstant.nullable(),
    createdAt: AnsweredInstant,
  })
  .meta({ id: 'Content' });
