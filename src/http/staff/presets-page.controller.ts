import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DomainError } from '../../domain/errors.js';
import type { StaffActor } from '../../domain/permissions.js';
import type { Preset, PresetProgram } from '../../domain/presets/preset.js';
import { PRESETS } from '../../domain/presets.js';
import { ApplyPreset } from '../../flows/apply-preset.js';
import { listMilestones } from '../../milestones/milestone.store.js';
import { Database } from '../../platform/database.js';
import { Slug } from '../api/fields.js';
import { PresetChoice } from '../api/presets.schema.js';
import { Actor } from '../authenticate.js';
import { StaffCan } from '../policy.js';
import { Desk, type DeskVisit, mayAt } from './guard.js';
import { ProgramQuery } from './milestones-page.controller.js';
import type { PresetsView } from './preset-views.js';
import { programOfPage } from './program-tabs.js';
import { StaffPages } from './staff-pages.js';

const PresetForm = PresetChoice.extend({ program: Slug });

/** Well-known programs to start from. */
@ApiExcludeController()
@Controller('admin/p/:publication/presets')
export class PresetsPageController {
  constructor(
    private readonly database: Database,
    private readonly applyPreset: ApplyPreset,
    private readonly staffPages: StaffPages,
  ) {}

  @Get()
  @StaffCan('programs:read')
  async gallery(
    @Desk() desk: DeskVisit,
    @Query({ schema: ProgramQuery }) query: z.infer<typeof ProgramQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const { program, tabs } = await programOfPage(this.database.reader, desk.workplace.id, query.program);
    const isTaken = (await listMilestones(this.database.reader, desk.workplace.id, program.id)).length > 0;
    const view: PresetsView = {
      program: { slug: program.slug, name: program.name },
      programs: tabs,
      isTaken,
      presets: PRESETS.map(({ name, rewards, program: own, beside = [] }) => ({
        name,
        rungs: [own, ...beside].flatMap((told) => rungsOf(told, rewards)),
        prizes: [own, ...beside].flatMap((told) => prizesOf(told, rewards)),
      })),
      mayApply: mayAt(desk, 'programs:write') && !isTaken,
    };
    return this.staffPages.send(request, reply, 'presets', view);
  }

  @Post()
  @StaffCan('programs:write')
  async apply(
    @Desk() { workplace }: DeskVisit,
    @Actor() by: StaffActor,
    @Body({ schema: PresetForm }) form: z.infer<typeof PresetForm>,
    @Res() reply: FastifyReply,
  ) {
    const preset = PRESETS.find(({ name }) => name === form.preset)!;
    const base = `/admin/p/${workplace.slug}`;
    try {
      await this.applyPreset.run(workplace.id, form.program, preset, by);
    } catch (error) {
      if (!(error instanceof DomainError) || !error.code.startsWith('program/')) throw error;
      const args = { detail: error.detail };
      return this.staffPages.goOn(reply, `${base}/presets?program=${form.program}`, 'preset-refused', args, 'warn');
    }
    return this.staffPages.goOn(reply, `${base}/milestones?program=${form.program}`, 'preset-applied');
  }
}

function rungsOf(
  { milestones = [] }: PresetProgram,
  rewards: Preset['rewards'],
): PresetsView['presets'][number]['rungs'] {
  return milestones.map(({ threshold, every, reward, stage, recipient = 'referrer' }) => ({
    ...{ threshold, every, stage, recipient },
    reward: rewards[reward]!.name,
  }));
}

function prizesOf({ contests = [], raffles = [] }: PresetProgram, rewards: Preset['rewards']): string[] {
  const prizes = [...contests, ...raffles].flatMap((told): { reward: string }[] => told.prizes);
  return prizes.map(({ reward }) => rewards[reward]!.name);
}
