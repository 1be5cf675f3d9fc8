import { Injectable } from '@nestjs/common';
import { listContests } from '../contests/contest.store.js';
import { listRaffles } from '../contests/raffle.store.js';
import { DomainError } from '../domain/errors.js';
import { dayAfter } from '../domain/local-time.js';
import type { StaffActor } from '../domain/permissions.js';
import type { Preset, PresetProgram, PresetReward, PresetTexts } from '../domain/presets/preset.js';
import type { Milestone } from '../milestones/milestone.entities.js';
import type { Reward } from '../milestones/reward.entities.js';
import { listMilestones } from '../milestones/milestone.store.js';
import { insertReward } from '../milestones/reward.store.js';
import { Clock, Ids } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import { findProgram, lockLadder, lockProgram } from '../publications/program.store.js';
import { getPublication } from '../publications/publication.store.js';
import type { Program, Publication } from '../publications/publication.entities.js';
import { AddContest } from './add-contest.js';
import { AddMilestone } from './add-milestone.js';
import { AddRaffle } from './add-raffle.js';
import { Audit } from './audit.js';
import { ChangeProgram, type ProgramChange } from './change-program.js';
import { CreateProgram } from './create-program.js';

/** What a preset made. */
interface Applied {
  programs: Program[];
  rewards: Reward[];
  milestones: Milestone[];
  contestIds: string[];
  raffleIds: string[];
}

/** Makes all that a preset says, or nothing. It goes the ways that an editor goes by hand. */
@Injectable()
export class ApplyPreset {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly changeProgram: ChangeProgram,
    private readonly createProgram: CreateProgram,
    private readonly addMilestone: AddMilestone,
    private readonly addContest: AddContest,
    private readonly addRaffle: AddRaffle,
    private readonly audit: Audit,
  ) {}

  /**
   * Throws `request/not-found`, `program/has-milestones` for a program that has rules of its own, a second time too, and
   * `program/slug-taken` where a program that is made beside it has one's name.
   */
  run(publicationId: string, slug: string, preset: Preset, by: StaffActor): Promise<Applied> {
    return this.database.transaction(async (tx) => {
      const publication = await getPublication(tx, publicationId);
      const found = await findProgram(tx, publicationId, slug);
      if (found === null) throw new DomainError('request/not-found', 'There is no such program');
      const program = await this.change(tx, found, preset.program);
      await refuseRules(tx, program);
      const subject = { kind: 'program', id: program.id };
      const audited = { act: 'program.preset', subject, data: { preset: preset.name } };
      await this.audit.within(tx, publicationId, by, audited, this.clock.now());
      const rewards = await this.makeRewards(tx, publication, preset.rewards);
      const applied: Applied = {
        programs: [],
        rewards: [...rewards.values()],
        milestones: [],
        contestIds: [],
        raffleIds: [],
      };
      await this.makeRules(tx, publication, program, preset.program, rewards, applied, by);
      for (const { slug: name, title, ...told } of preset.beside ?? []) {
        const settings = { name: title, ...told.settings, ...told.texts };
        const beside = await this.createProgram.within(tx, publicationId, name, settings, by);
        await this.makeRules(tx, publication, beside, told, rewards, applied, by);
      }
      return applied;
    });
  }

  private async change(tx: Tx, found: Program, { settings, texts }: PresetProgram): Promise<Program> {
    const { publicationId, slug } = found;
    // What a program requires is for some kinds of access only: what another kind left is taken away.
    const asked: ProgramChange = { requirements: [], ...settings };
    // The caller waits here for another preset, before what is written on the program is looked at.
    await this.changeProgram.within(tx, publicationId, slug, asked);
    const program = (await lockProgram(tx, publicationId, slug))!;
    return this.changeProgram.within(tx, publicationId, slug, unwritten(program, texts ?? {}));
  }

  private async makeRewards(
    tx: Tx,
    { id: publicationId, siteUrl }: Publication,
    told: Record<string, PresetReward>,
  ): Promise<Map<string, Reward>> {
    const made = new Map<string, Reward>();
    for (const [called, { kind, name, url, description, terms }] of Object.entries(told)) {
      const reward: Reward = {
        ...{ publicationId, id: this.ids.next(), kind, name, terms: terms ?? {}, createdAt: this.clock.now() },
        ...{ url: url === undefined ? null : new URL(url, siteUrl).href, code: null, description: description ?? null },
      };
      await insertReward(tx, reward);
      made.set(called, reward);
    }
    return made;
  }

  private async makeRules(
    tx: Tx,
    { timezone }: Publication,
    program: Program,
    { milestones = [], contests = [], raffles = [] }: PresetProgram,
    rewards: ReadonlyMap<string, Reward>,
    applied: Applied,
    by: StaffActor,
  ): Promise<void> {
    const idOf = (called: string) => rewards.get(called)!.id;
    applied.programs.push(program);
    for (const { reward, recipient = 'referrer', approval = 'automated', ...rule } of milestones) {
      // Nobody is sent anything at once: an editor previews, and grants to the past by a change.
      const added = { ...rule, recipient, approval, rewardId: idOf(reward), holdDays: 0, past: 'ignore' as const };
      applied.milestones.push(await this.addMilestone.within(tx, program, added, by));
    }
    for (const { name, stage, prizes } of contests) {
      const won = prizes.map(({ rank, reward }) => ({ rank, rewardId: idOf(reward) }));
      const added = { name, stage, period: 'month' as const, approval: 'automated' as const, prizes: won };
      applied.contestIds.push((await this.addContest.within(tx, program, added, by)).id);
    }
    for (const { name, startsInDays, days, prizes, entry } of raffles) {
      const from = dayAfter(this.clock.now(), startsInDays, timezone);
      const to = dayAfter(this.clock.now(), startsInDays + days - 1, timezone);
      const won = prizes.map(({ reward, count }) => ({ rewardId: idOf(reward), count }));
      const added = { name, from, to, prizes: won, entryRewardId: idOf(entry), approval: 'automated' as const };
      applied.raffleIds.push((await this.addRaffle.within(tx, program, added, by)).id);
    }
  }
}

/** Texts that nobody has written yet: an editor's own words stay. */
function unwritten(program: Program, { description, steps, faq, shareMessage }: PresetTexts): ProgramChange {
  return {
    ...(program.description === null ? { description } : {}),
    ...(program.steps.length === 0 ? { steps } : {}),
    ...(program.faq.length === 0 ? { faq } : {}),
    ...(program.shareMessage === null ? { shareMessage } : {}),
  };
}

/** The ladder is held alone, so that no milestone comes meanwhile. */
async function refuseRules(tx: Tx, { publicationId, id, slug }: Program): Promise<void> {
  await lockLadder(tx, publicationId, id, 'alone');
  const milestones = await listMilestones(tx, publicationId, id);
  const contests = (await listContests(tx, publicationId, id)).filter(({ endedAt }) => endedAt === null);
  const raffles = (await listRaffles(tx, publicationId, id)).filter(
    ({ drawnAt, cancelledAt }) => drawnAt === null && cancelledAt === null,
  );
  const [rule] = [...milestones, ...contests, ...raffles];
  if (rule === undefined) return;
  throw new DomainError(
    'program/has-milestones',
    `The program ${slug} has "${rule.name}"; a preset is for one that has none`,
  );
}
