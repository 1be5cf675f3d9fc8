import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { HELD_FROM } from '../../domain/fraud/decide.js';
import type { DryRun } from '../../domain/fraud/dry-run.js';
import { FRAUD_LEVELS } from '../../domain/fraud.js';
import type { StaffActor } from '../../domain/permissions.js';
import { ChangeProgram } from '../../flows/change-program.js';
import { DryRunFraud } from '../../flows/dry-run-fraud.js';
import { Database } from '../../platform/database.js';
import { Slug } from '../api/fields.js';
import { Actor } from '../authenticate.js';
import { StaffCan } from '../policy.js';
import type { FraudView } from './fraud-views.js';
import { Desk, type DeskVisit, mayAt } from './guard.js';
import { programOfPage } from './program-tabs.js';
import { reasonViews } from './referral-words.js';
import { StaffPages } from './staff-pages.js';

const Level = z.enum(FRAUD_LEVELS);
const FraudQuery = z.object({ program: Slug.catch('default'), level: Level.optional().catch(undefined) });
const LevelForm = z.object({ program: Slug, level: Level });

/** How unsure a check must be before a person is asked, and what another level would have meant. */
@ApiExcludeController()
@Controller('admin/p/:publication/fraud')
export class FraudController {
  constructor(
    private readonly database: Database,
    private readonly dryRun: DryRunFraud,
    private readonly changeProgram: ChangeProgram,
    private readonly staffPages: StaffPages,
  ) {}

  @Get()
  @StaffCan('referrals:read')
  async show(
    @Desk() desk: DeskVisit,
    @Query({ schema: FraudQuery }) query: z.infer<typeof FraudQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const { program, tabs } = await programOfPage(this.database.reader, desk.workplace.id, query.program);
    const runs = [];
    for (const level of FRAUD_LEVELS) runs.push(await this.dryRun.run(desk.workplace.id, program.slug, level));
    const chosen = query.level ?? program.fraudLevel;
    const { examples, since } = runs.find(({ level }) => level === chosen)!;
    const view: FraudView = {
      program: { slug: program.slug, name: program.name },
      programs: tabs,
      current: program.fraudLevel,
      chosen,
      since,
      levels: runs.map(({ level, counts: { referrals, wouldHold, wouldLetThrough, rejected } }) => ({
        level,
        isCurrent: level === program.fraudLevel,
        isChosen: level === chosen,
        heldFrom: HELD_FROM[level],
        ...{ referrals, wouldHold, wouldLetThrough, rejected },
      })),
      wouldHold: exampleViews(examples.wouldHold),
      wouldLetThrough: exampleViews(examples.wouldLetThrough),
      mayChange: mayAt(desk, 'programs:write'),
      mayList: mayAt(desk, 'fraud-lists:manage'),
    };
    return this.staffPages.send(request, reply, 'fraud', view);
  }

  @Post()
  @StaffCan('programs:write')
  async change(
    @Desk() { workplace }: DeskVisit,
    @Actor() by: StaffActor,
    @Body({ schema: LevelForm }) { program, level }: z.infer<typeof LevelForm>,
    @Res() reply: FastifyReply,
  ) {
    await this.changeProgram.run(workplace.id, program, { fraud: { level } }, by);
    const path = `/admin/p/${workplace.slug}/fraud?program=${program}`;
    return this.staffPages.goOn(reply, path, 'fraud-level-changed');
  }
}

function exampleViews(examples: DryRun['examples']['wouldHold']): FraudView['wouldHold'] {
  return examples.map(({ referralId, at, reasons }) => ({ referralId, at, reasons: reasonViews(reasons) }));
}
