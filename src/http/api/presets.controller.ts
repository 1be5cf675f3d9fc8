import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { StaffActor } from '../../domain/permissions.js';
import { PRESETS } from '../../domain/presets.js';
import { ApplyPreset } from '../../flows/apply-preset.js';
import { Actor, PublicationId } from '../authenticate.js';
import { Slug } from './fields.js';
import { Operation } from './operation.js';
import { AppliedAnswer, PresetChoice, PresetList } from './presets.schema.js';

@ApiTags('programs')
@Controller('api/v1')
export class PresetsController {
  constructor(private readonly applyPreset: ApplyPreset) {}

  @Get('presets')
  @Operation({ summary: 'Programs that one call makes', can: 'programs:read', answer: PresetList })
  list() {
    return { data: PRESETS.map(({ name, explanation }) => ({ name, explanation })), nextCursor: null };
  }

  @Post('programs/:slug/preset')
  @Operation({
    summary: 'Make a program what a preset says: settings, rewards, milestones, contests and raffles, all or nothing',
    can: 'programs:write',
    status: 201,
    answer: AppliedAnswer,
    errors: ['program/has-milestones', 'program/slug-taken', 'program/too-many', 'program/stage-in-use'],
  })
  async apply(
    @PublicationId() publicationId: string,
    @Actor() by: StaffActor,
    @Param('slug', { schema: Slug }) slug: string,
    @Body({ schema: PresetChoice }) body: z.infer<typeof PresetChoice>,
  ): Promise<z.input<typeof AppliedAnswer>> {
    const preset = PRESETS.find(({ name }) => name === body.preset)!;
    const { programs, rewards, milestones, contestIds, raffleIds } = await this.applyPreset.run(
      publicationId,
      slug,
      preset,
      by,
    );
    return {
      preset: preset.name,
      programs: programs.map(({ id, slug: called, name }) => ({ id, slug: called, name })),
      rewards: rewards.map(({ id, name, kind }) => ({ id, name, kind })),
      milestones: milestones.map(({ id, name, programId, rewardId }) => ({
        ...{ id, name, rewardId },
        program: programs.find((program) => program.id === programId)!.slug,
      })),
      contests: contestIds.map((id) => ({ id })),
      raffles: raffleIds.map((id) => ({ id })),
    };
  }
}
