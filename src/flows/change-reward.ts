import { Injectable } from '@nestjs/common';
import { DomainError } from '../domain/errors.js';
import type { StaffActor } from '../domain/permissions.js';
import type { Reward } from '../milestones/reward.entities.js';
import { insertReward, lockReward, updateReward } from '../milestones/reward.store.js';
import { Clock, Ids } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import { Audit } from './audit.js';

/** What staff say of a reward. */
export type RewardBody = Pick<Reward, 'kind' | 'name' | 'url' | 'code' | 'description' | 'terms'>;

/** Staff make a reward, or change it for grants to come: those that are there keep what they are worth. */
@Injectable()
export class ChangeReward {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly audit: Audit,
  ) {}

  add(publicationId: string, body: RewardBody, by: StaffActor): Promise<Reward> {
    const [id, createdAt] = [this.ids.next(), this.clock.now()];
    return this.database.transaction(async (tx) => {
      const reward: Reward = { publicationId, id, ...body, createdAt };
      await insertReward(tx, reward);
      const audited = { act: 'reward.add', subject: { kind: 'reward', id }, data: { kind: body.kind } };
      await this.audit.within(tx, publicationId, by, audited, createdAt);
      return reward;
    });
  }

  /**
   * Throws `request/not-found`, and what `bodyOf` throws.
   * @param bodyOf what becomes of the reward, which nobody else changes meanwhile
   */
  run(publicationId: string, id: string, bodyOf: (reward: Reward) => RewardBody, by: StaffActor): Promise<Reward> {
    return this.database.transaction(async (tx) => {
      const reward = await lockReward(tx, publicationId, id);
      if (reward === null) throw new DomainError('request/not-found', 'There is no such reward');
      const body = bodyOf(reward);
      await updateReward(tx, publicationId, id, body);
      const audited = { act: 'reward.change', subject: { kind: 'reward', id } };
      await this.audit.within(tx, publicationId, by, audited, this.clock.now());
      return { ...reward, ...body };
    });
  }
}
