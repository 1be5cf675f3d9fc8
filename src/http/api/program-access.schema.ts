import { z } from 'zod';
import {
  JOIN_FIELD_NAME,
  KNOWN_JOIN_FIELDS,
  MOST_JOIN_FIELDS,
  askedFields,
  TAKEN_FIELD_NAMES,
} from '../../domain/join-fields.js';
import { ACCESS } from '../../domain/participation.js';
import type { Program, ProgramStep } from '../../publications/publication.entities.js';
import { AnsweredAudience, Audience } from './audience.schema.js';
import { line, text, WebUrl } from './fields.js';
import { JoinPage, ShareMessage, ShareVariants } from './share-words.schema.js';

const FieldName = z
  .string()
  .regex(JOIN_FIELD_NAME, 'must be letters and digits, at most 40, and begin with a small letter')
  .refine((name) => !TAKEN_FIELD_NAMES.has(name), 'is a field of the form already');

const JoinField = z.union(
  [
    z.enum(KNOWN_JOIN_FIELDS),
    z.strictObject({
      name: FieldName,
      label: line(80),
      options: z.array(line(80)).min(1).max(50).optional(),
      required: z.boolean().optional(),
    }),
  ],
  `must be one of ${KNOWN_JOIN_FIELDS.join(', ')}, or {name, label, options?, required?}`,
);

const JoinFields = z
  .array(JoinField)
  .max(MOST_JOIN_FIELDS, `at most ${MOST_JOIN_FIELDS} fields`)
  .refine((fields) => new Set(askedFields(fields).map(({ name }) => name)).size === fields.length, 'a name comes twice')
  .meta({
    description:
      'Fields that the join form and an application ask for beside the address, as attributes of the reader: a known name, or a name with a label.',
  });

const Faq = z.array(z.strictObject({ question: line(200), answer: text(2_000) })).max(30, 'at most 30 questions');

const Step = z.union(
  [line(200), z.strictObject({ title: line(200), text: text(500).nullable().optional() })],
  'must be a sentence, or {title, text?}',
);
const Steps = z.array(Step).max(8, 'at most 8 steps').meta({ description: 'How the program works, in a few steps.' });

const Requirement = z.string().regex(/^[a-z][a-zA-Z0-9_-]{0,39}$/, 'must be a word of letters and digits, at most 40');
const Requirements = z
  .array(Requirement)
  .max(10, 'at most 10 requirements')
  .refine((names) => new Set(names).size === names.length, 'a name comes twice')
  .meta({
    description: 'What staff tick off before somebody may be approved, such as `fee` and `certified`.',
    example: ['fee'],
  });

/** Settings of a program that say who takes part and what it tells of itself, as a change takes them. */
export const accessChanges = {
  access: z.enum(ACCESS).optional(),
  segment: Audience.nullable()
    .optional()
    .meta({ description: 'Who is taken in with access `segment`. Who leaves the segment goes on taking part.' }),
  joinFields: JoinFields.optional(),
  askHeardFrom: z
    .boolean()
    .optional()
    .meta({ description: 'Whether the join form asks how somebody heard of the publication.' }),
  description: text(500).nullable().optional(),
  termsUrl: WebUrl.nullable().optional(),
  faq: Faq.optional(),
  steps: Steps.transform((steps) => steps.map(asStep)).optional(),
  shareMessage: ShareMessage.nullable().optional(),
  shareVariants: ShareVariants.optional(),
  joinPage: JoinPage.optional(),
  showsBoard: z
    .boolean()
    .optional()
    .meta({ description: "Whether participants see each other's counts, under the names that they chose." }),
  requirements: Requirements.optional(),
  handIn: z
    .boolean()
    .optional()
    .meta({ description: 'Whether participants may hand in the business contact of a colleague who agreed.' }),
};

/** The same settings as they are answered. */
export const accessAnswers = {
  access: z.enum(ACCESS),
  segment: AnsweredAudience.nullable(),
  joinFields: z.array(JoinField),
  askHeardFrom: z.boolean(),
  description: z.string().nullable(),
  termsUrl: z.string().nullable(),
  faq: z.array(z.object({ question: z.string(), answer: z.string() })),
  steps: z.array(z.union([z.string(), z.object({ title: z.string(), text: z.string() })])),
  shareMessage: z.string().nullable(),
  shareVariants: ShareVariants,
  joinPage: JoinPage,
  showsBoard: z.boolean(),
  requirements: z.array(z.string()),
  handIn: z.boolean(),
  pageUrl: z
    .string()
    .nullable()
    .meta({ description: 'The public page of the program; null where it is by invitation.' }),
};

function asStep(step: z.infer<typeof Step>): ProgramStep {
  return typeof step === 'string' ? { title: step, text: null } : { title: step.title, text: step.text ?? null };
}

export function accessAnswer(program: Program, pageUrl: string | null) {
  const { access, segment, joinFields, askHeardFrom, description, termsUrl, faq, requirements, handIn } = program;
  const { shareMessage, shareVariants, joinPage, showsBoard } = program;
  const steps = program.steps.map(({ title, text }) => (text === null ? title : { title, text }));
  return {
    access,
    segment,
    joinFields,
    askHeardFrom,
    description,
    termsUrl,
    faq,
    steps,
    shareMessage,
    shareVariants,
    joinPage,
    showsBoard,
    requirements,
    handIn,
    pageUrl,
  };
}
