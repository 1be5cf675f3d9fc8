import { z } from 'zod';
import { registrableDomainOf } from '../../domain/email.js';
import { isFreeMail } from '../../domain/mail-providers.js';
import { CHANNELS } from '../../domain/visit.js';
import type { SavedLeadFilter } from '../../leads/lead-filter.js';
import { PageQuery } from '../../platform/page.js';
import { AnsweredInstant, AnsweredMoney, Day, Id, line, listOf, paragraph } from './fields.js';

const yesOrNoText = z.enum(['true', 'false'], 'must be true or false');

const CompanyDomain = z
  .string()
  .max(253)
  .transform((typed) => registrableDomainOf(typed.toLowerCase()))
  .refine((domain) => !isFreeMail(domain), 'is a free mail service, which is nobody’s company');

export const LeadFilterQuery = z.strictObject({
  from: Day.optional().meta({ description: 'First day of signing up, in the zone of the publication.' }),
  to: Day.optional().meta({ description: 'Last day of signing up, included.' }),
  days: z.coerce
    .number()
    .int()
    .min(1)
    .max(3_660)
    .optional()
    .meta({ description: 'Signed up on one of so many days up to today, in the place of `from`.' }),
  program: z.string().max(64).optional(),
  content: z.string().max(64).optional(),
  channel: z.enum(CHANNELS).optional(),
  stage: z.string().max(64).optional(),
  domain: z.string().max(253).optional().meta({ description: 'The part of the address after the @, exactly.' }),
  companyDomain: CompanyDomain.optional().meta({
    description: 'Addresses at this registrable domain and below it. That of a free mail service is refused.',
  }),
  workEmail: yesOrNoText.optional().meta({ description: 'false: addresses of free mail services.' }),
  referrerId: Id.optional(),
  qualified: yesOrNoText.optional(),
  owner: line(200).optional().meta({ description: 'As it was noted, in any case.' }),
  q: line(200).optional().meta({ description: 'Somewhere in address, first name, company or role, in any case.' }),
});

const Feed = z
  .string()
  .max(200)
  .optional()
  .meta({
    description: `Makes the list a feed: leads in the order in which changes were committed, each as it is now. Begin with \`0\`, go on with \`nextCursor\`, which is there always.
A lead that changes comes again; \`removed\` names those that are none any more. With no other filter: a lead that leaves one could not be told.`,
  });
export const LeadQuery = LeadFilterQuery.extend(PageQuery.shape).extend({ changedAfter: Feed });

/** What a query asks for; what it does not say is null. */
export function filterOf(query: z.infer<typeof LeadFilterQuery>): SavedLeadFilter {
  return {
    from: query.from ?? null,
    to: query.to ?? null,
    days: query.days ?? null,
    program: query.program ?? null,
    content: query.content ?? null,
    channel: query.channel ?? null,
    stage: query.stage ?? null,
    domain: query.domain ?? null,
    companyDomain: query.companyDomain ?? null,
    workEmail: query.workEmail === undefined ? null : query.workEmail === 'true',
    referrerId: query.referrerId ?? null,
    qualified: query.qualified === undefined ? null : query.qualified === 'true',
    owner: query.owner ?? null,
    q: query.q ?? null,
  };
}

const yesOrNo = z.boolean().nullable();
const marks = {
  decisionMaker: yesOrNo,
  fit: yesOrNo,
  need: yesOrNo.meta({ description: 'Whether we can meet it.' }),
  owner: z.string().nullable(),
  note: z.string().nullable(),
};

export const LeadChanges = z.strictObject({
  decisionMaker: yesOrNo.optional(),
  fit: yesOrNo.optional(),
  need: yesOrNo.optional(),
  qualified: z.boolean().optional().meta({
    description:
      'Said outright. Else three times yes qualifies, and one of three that is no longer yes takes the stage back.',
  }),
  owner: line(200).nullable().optional(),
  note: paragraph(5_000).nullable().optional(),
});

export const LeadAnswer = z
  .object({
    id: z.uuid(),
    program: z.string(),
    email: z.string(),
    firstName: z.string().nullable(),
    company: z.string().nullable(),
    role: z.string().nullable(),
    companySize: z.string().nullable(),
    ...marks,
    qualified: z.boolean().meta({ description: 'Whether the lead has reached the stage `qualified`.' }),
    domain: z.string(),
    workEmail: z.boolean().meta({ description: 'False for an address of a free mail service.' }),
    companyDomain: z
      .string()
      .nullable()
      .meta({ description: 'What somebody registered of the domain; null with an address of a free mail service.' }),
    heardFrom: z
      .string()
      .nullable()
      .meta({ description: 'What they said; `content` and `channel` are what was tracked.' }),
    referrer: z.object({ id: z.uuid(), email: z.string().nullable(), shareCode: z.string() }),
    content: z.string().nullable(),
    channel: z.string(),
    stage: z
      .string()
      .meta({ description: 'The furthest: `signed_up`, `verified`, those of the program, `qualified`, `purchased`.' }),
    value: z.array(AnsweredMoney).meta({ description: 'Bought and not refunded: one sum for each currency.' }),
    signedUpAt: AnsweredInstant,
    verifiedAt: AnsweredInstant.nullable(),
  })
  .meta({ id: 'Lead' });

export const LeadsAnswer = listOf(LeadAnswer).extend({
  removed: z.array(z.uuid()).optional().meta({ description: 'With `changedAfter`: those that are no leads any more.' }),
});
