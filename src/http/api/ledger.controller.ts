import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { DomainError } from '../../domain/errors.js';
import type { Unit } from '../../domain/rewards.js';
import { ReadLedger } from '../../flows/read-ledger.js';
import { Database } from '../../platform/database.js';
import { getPublication } from '../../publications/publication.store.js';
import { findSubscriber } from '../../subscribers/subscriber.store.js';
import { PublicationId } from '../authenticate.js';
import { AnsweredInstant, Id } from './fields.js';
import { Operation } from './operation.js';

const Quantity = {
  unit: z.enum(['money', 'percent', 'month', 'piece']),
  quantity: z.number().int().meta({ description: 'Of money in minor units; below zero where it was taken back.' }),
  currency: z.string().nullable(),
};
const Account = {
  kind: z.string().meta({ description: 'Kind of the reward.' }),
  company: z.string().nullable().meta({ description: "Whose account it is on; null: the person's own." }),
  ...Quantity,
};
const Named = z.object({ id: z.uuid(), name: z.string() });

const LedgerAnswer = z
  .object({
    entries: z.array(
      z.object({
        ...{ id: z.uuid(), grant: z.uuid(), reward: Named, act: z.enum(['given', 'taken_back']) },
        ...Account,
        at: AnsweredInstant,
      }),
    ),
    balances: z.array(z.object(Account)),
    schedule: z
      .array(
        z.object({
          grant: z.uuid(),
          ...{ kind: z.string(), company: z.string().nullable(), unit: Quantity.unit, currency: Quantity.currency },
          applied: z.array(
            z.object({ period: z.string(), percent: z.number().int().nullable(), amount: z.number().int().nullable() }),
          ),
          left: z
            .number()
            .int()
            .meta({ description: 'What has no period: the ceiling is 0, or one for ever and full.' }),
        }),
      )
      .meta({ description: 'In which periods what has a ceiling is used; what is given later moves none of it.' }),
  })
  .meta({ id: 'Ledger' });

const EntitlementsAnswer = z
  .object({
    data: z.array(
      z.object({ grant: z.uuid(), reward: Named, from: AnsweredInstant, until: AnsweredInstant.nullable() }),
    ),
  })
  .meta({ id: 'Entitlements', description: 'Accesses of a reader that went out; `until` null: for good.' });

@ApiTags('subscribers')
@Controller('api/v1/subscribers/:id')
export class LedgerController {
  constructor(
    private readonly database: Database,
    private readonly readLedger: ReadLedger,
  ) {}

  @Get('ledger')
  @Operation({
    summary: 'What a reader was given and what was taken back, with the balances',
    can: 'grants:read',
    answer: LedgerAnswer,
  })
  async ledger(@PublicationId() publicationId: string, @Param('id', { schema: Id }) id: string) {
    await this.mustExist(publicationId, id);
    const publication = await getPublication(this.database.reader, publicationId);
    const { entries, balances, schedule } = await this.readLedger.run(publication, id);
    return {
      entries: entries.map(({ grantId, rewardId, rewardName, rewardKind, quantity, ...entry }) => ({
        ...entry,
        ...{ grant: grantId, reward: { id: rewardId, name: rewardName }, kind: rewardKind, quantity: Number(quantity) },
      })),
      balances,
      schedule: schedule.map(({ grantId, applied, ...account }) => ({
        ...account,
        grant: grantId,
        applied: applied.map(({ period, quantity }) => ({ period, ...inItsUnit(account.unit, quantity) })),
      })),
    };
  }

  @Get('entitlements')
  @Operation({ summary: 'What a reader may enter, and until when', can: 'grants:read', answer: EntitlementsAnswer })
  async entitlements(@PublicationId() publicationId: string, @Param('id', { schema: Id }) id: string) {
    await this.mustExist(publicationId, id);
    const data = await this.readLedger.entitlements(publicationId, id);
    return {
      data: data.map(({ grantId, rewardId, rewardName, from, until }) => ({
        ...{ grant: grantId, reward: { id: rewardId, name: rewardName }, from, until },
      })),
    };
  }

  private async mustExist(publicationId: string, id: string): Promise<void> {
    if ((await findSubscriber(this.database.reader, publicationId, id)) === null) {
      throw new DomainError('request/not-found', 'There is no such subscriber');
    }
  }
}

function inItsUnit(unit: Unit, quantity: number): { percent: number | null; amount: number | null } {
  return unit === 'percent' ? { percent: quantity, amount: null } : { percent: null, amount: quantity };
}
