import { z } from 'zod';
import { PROGRAM_MAIL_NAMES } from '../../domain/program-mails.js';
import { AnsweredInstant, line, paragraph, ReaderAddress, Slug, Timezone, WebUrl } from './fields.js';

const Origin = WebUrl.transform((url) => new URL(url).origin);

const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as 21:00');

const ProgramMails = z
  .strictObject({
    perWeek: z.int().min(1).max(14).meta({ description: 'How many a reader gets in any seven days.' }),
    quietFrom: TimeOfDay.meta({
      description:
        'From here until `quietUntil` none comes, by the reader’s clocks: of the zone in their attribute `timezone`, else of the publication.',
    }),
    quietUntil: TimeOfDay,
    off: z.array(z.enum(PROGRAM_MAIL_NAMES)).max(20).meta({ description: 'Which are not sent.' }),
  })
  .meta({ description: 'Mails about sharing. Confirm, welcome, hub link and reward mails are none of them.' });

const Settings = z.strictObject({
  name: line(120),
  siteUrl: WebUrl.meta({ example: 'https://loaf.example' }),
  fromEmail: ReaderAddress.transform(({ address }) => address),
  fromName: line(120).nullable(),
  locale: z.enum(['en', 'ja']),
  timezone: Timezone,
  postalAddress: paragraph(400).nullable(),
  allowedOrigins: z.array(Origin).max(20),
  programMails: ProgramMails.partial(),
});

export const NewPublication = Settings.partial({
  fromName: true,
  locale: true,
  timezone: true,
  postalAddress: true,
  allowedOrigins: true,
  programMails: true,
}).extend({ slug: Slug });
export const PublicationChanges = Settings.partial();

export const PublicationAnswer = z
  .object({
    id: z.uuid(),
    slug: z.string(),
    name: z.string(),
    siteUrl: z.string(),
    fromEmail: z.string(),
    fromName: z.string().nullable(),
    locale: z.enum(['en', 'ja']),
    timezone: z.string(),
    postalAddress: z.string().nullable(),
    allowedOrigins: z.array(z.string()).meta({ description: 'Origins whose pages may post to the join route.' }),
    programMails: ProgramMails,
    createdAt: AnsweredInstant,
  })
  .meta({ id: 'Publication' });
