import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { agreeing, agreement } from '../../domain/heard-from.js';
import { Database } from '../../platform/database.js';
import { getPublication } from '../../publications/publication.store.js';
import { heardFrom } from '../../reports/heard-from.store.js';
import { PublicationId } from '../authenticate.js';
import { Day } from './fields.js';
import { Operation } from './operation.js';

const HeardFromQuery = z.strictObject({
  from: Day.optional().meta({
    description: 'First day of signups, in the zone of the publication; without it all time.',
  }),
  to: Day.optional().meta({ description: 'Last day, included.' }),
});

const HeardFromAnswer = z
  .object({
    data: z.array(
      z.object({
        answer: z
          .string()
          .meta({ description: 'As the join form has it, or in the words of a site; the 100 most given.' }),
        readers: z.number().int().meta({ description: 'Confirmed readers who gave it.' }),
        tracked: z.number().int().meta({ description: 'Of those, whom a share link brought.' }),
        agreeing: z.number().int().nullable().meta({
          description:
            'Of the readers, tracked as they say: by a link who names a friend, by none who names a search, social media or a podcast. Null where the answer says neither.',
        }),
      }),
    ),
    agreement: z.number().nullable().meta({ description: 'Share of readers that agree, where it can be said.' }),
  })
  .meta({ id: 'HeardFrom' });

@ApiTags('reports')
@Controller('api/v1/reports/heard-from')
export class HeardFromController {
  constructor(private readonly database: Database) {}

  @Get()
  @Operation({
    summary: 'How readers say they heard of the publication, beside what was tracked',
    can: 'reports:read',
    answer: HeardFromAnswer,
  })
  async report(
    @PublicationId() publicationId: string,
    @Query({ schema: HeardFromQuery }) query: z.infer<typeof HeardFromQuery>,
  ) {
    const { timezone } = await getPublication(this.database.reader, publicationId);
    const days = { from: query.from ?? null, to: query.to ?? null, timezone };
    const found = await heardFrom(this.database.reader, publicationId, days);
    return { data: found.map((row) => ({ ...row, agreeing: agreeing(row) })), agreement: agreement(found) };
  }
}
