import { Injectable } from '@nestjs/common';
import { Audit } from '../../flows/audit.js';
import { AddMilestone } from '../../flows/add-milestone.js';
import { CreateApiKey, type NewApiKey } from '../../flows/create-api-key.js';
import { CreatePublication } from '../../flows/create-publication.js';
import { Restock } from '../../flows/restock.js';
import { insertReward } from '../../milestones/reward.store.js';
import { Clock, Ids } from '../../platform/clock.js';
import { Database } from '../../platform/database.js';
import { RandomBytes } from '../../platform/random.js';
import { findProgram } from '../../publications/program.store.js';
import type { Program, Publication } from '../../publications/publication.entities.js';
import type { Rung } from './cast.js';

const EDITOR = { actor: 'operator', role: 'operator' } as const;

/** What an editor does before the first reader comes: the publication, and the ladder of its program. */
@Injectable()
export class SetUp {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly addMilestone: AddMilestone,
    private readonly restock: Restock,
  ) {}

  async run(
    settings: Omit<Publication, 'id' | 'createdAt' | 'programMails'>,
    ladder: readonly Rung[],
  ): Promise<{ publication: Publication; program: Program; apiKey: NewApiKey }> {
    // Put together here because the key's secret must not come from the seed, which anybody can read.
    const createApiKey = new CreateApiKey(this.database, this.clock, this.ids, new RandomBytes(), new Audit(this.ids));
    const made = await new CreatePublication(this.database, this.clock, this.ids, createApiKey).run(settings);
    const program = await findProgram(this.database.reader, made.publication.id, 'default');
    if (program === null) throw new Error('a publication without its default program');
    for (const rung of ladder) await this.addRung(program, rung);
    return { ...made, program };
  }

  async addRung(program: Program, { reward, codes, ...rule }: Rung): Promise<void> {
    const { publicationId } = program;
    const rewardId = this.ids.next();
    const createdAt = this.clock.now();
    await insertReward(this.database.reader, { publicationId, id: rewardId, code: null, createdAt, ...reward });
    if (codes !== undefined) await this.restock.run(publicationId, rewardId, codes);
    const usual = { stage: 'verified', approval: 'automated', holdDays: 0, past: 'grant' } as const;
    await this.addMilestone.run(program, { ...usual, ...rule, name: reward.name, rewardId }, EDITOR);
  }
}
