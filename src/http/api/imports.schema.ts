import { z } from 'zod';
import { IMPORT_FIELDS } from '../../domain/import-columns.js';
import { IMPORT_PHASES, VERDICTS } from '../../domain/import-verdicts.js';
import { AnsweredInstant, line } from './fields.js';

const Flag = z
  .enum(['true', 'false'], 'must be true or false')
  .transform((value) => value === 'true')
  .default(false);

/** `{"E-Mail": "email", "Notes": null}`: our field by the file's column; null has it ignored. */
const Mapping = z.record(z.string(), z.enum(IMPORT_FIELDS, 'is no field of an import').nullable());

const MappingText = z
  .string()
  .max(10_000)
  .transform((text, context) => {
    try {
      const read = Mapping.safeParse(JSON.parse(text));
      if (read.success) return read.data;
    } catch {
      // told below
    }
    context.addIssue({
      code: 'custom',
      message: `must be JSON such as {"E-Mail": "email", "Notes": null}; fields: ${IMPORT_FIELDS.join(', ')}`,
    });
    return z.NEVER;
  });

export const ImportQuery = z.strictObject({
  consent: line(300).meta({
    description: 'Where the permission to write to these people came from, in your words. Kept with every consent.',
  }),
  dryRun: Flag.meta({ description: 'Verdicts only; nobody is made or changed.' }),
  mailPast: Flag.meta({
    description: 'Grant milestones that are past, with their mails. Otherwise they are only noted.',
  }),
  mapping: MappingText.optional().meta({
    description:
      'JSON: our field by the name of a column, null has it ignored. The header Import-Mapping says the same. Usual names are recognised.',
  }),
});

export const ImportAnswer = z
  .object({
    id: z.uuid(),
    state: z.enum(['waiting', 'running', 'done', 'failed']),
    phase: z.enum(IMPORT_PHASES),
    total: z.number().int().meta({ description: 'Rows below the header.' }),
    done: z.number().int().meta({ description: 'Rows that have their verdict; `total` when all have.' }),
    failed: z.number().int().meta({ description: 'Rows that are not good in themselves. Known from the start.' }),
    imported: z.number().int().nullable().meta({ description: 'Rows that made or changed a reader; at the end.' }),
    skipped: z
      .number()
      .int()
      .nullable()
      .meta({ description: 'Rows after which all is as it was; at the end. imported + skipped + failed = total.' }),
    verdicts: z.partialRecord(z.enum(VERDICTS as [string, ...string[]]), z.number().int()).nullable(),
    dryRun: z.boolean(),
    mailPast: z.boolean(),
    consent: z.string(),
    columns: z.record(z.string(), z.string()).meta({ description: 'Our field by the name of the column.' }),
    ignoredColumns: z.array(z.string()),
    error: z.string().nullable(),
    createdAt: AnsweredInstant,
    finishedAt: AnsweredInstant.nullable(),
  })
  .meta({ id: 'Import' });
