import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { PersonNamed } from '../../domain/event-told.js';
import { TakeEvent } from '../../flows/take-event.js';
import { PublicationId } from '../authenticate.js';
import { EventAnswer, NewEvent } from './events.schema.js';
import { Operation } from './operation.js';

@ApiTags('events')
@Controller('api/v1/events')
export class EventsController {
  constructor(private readonly takeEvent: TakeEvent) {}

  @Post()
  @Operation({
    summary: 'Tell of something that a reader did: once for ever by its id, in any order, also late',
    can: 'events:write',
    status: 202,
    answer: EventAnswer,
    errors: ['event/other-body'],
  })
  take(@PublicationId() publicationId: string, @Body({ schema: NewEvent }) body: z.infer<typeof NewEvent>) {
    return this.takeEvent.run(publicationId, {
      id: body.id,
      type: body.type,
      person: personNamed(body),
      at: body.at == null ? null : new Date(body.at),
      plan: body.plan ?? null,
      seats: body.seats ?? null,
      value: body.value ?? null,
      score: body.score ?? null,
      of: body.of ?? null,
      attributes: body.attributes ?? null,
    });
  }
}

/** The schema has seen to it that there is exactly one. */
function personNamed({ email, subscriberId, externalId }: z.infer<typeof NewEvent>): PersonNamed {
  if (email != null) return { by: 'email', emailKey: email.emailKey };
  if (subscriberId != null) return { by: 'subscriberId', id: subscriberId };
  return { by: 'externalId', externalId: externalId! };
}
