import { Injectable } from '@nestjs/common';
import type { StaffActor } from '../domain/permissions.js';
import { Clock, Ids } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import { RandomBytes } from '../platform/random.js';
import { hashKey } from '../platform/secrets.js';
import type { ApiKey } from '../staff/api-key.entities.js';
import { insertApiKey } from '../staff/api-key.store.js';
import { Audit } from './audit.js';

/** A key as it is shown once: afterwards only the hash of its secret is known. */
export interface NewApiKey {
  id: string;
  role: ApiKey['role'];
  name: string;
  secret: string;
}

@Injectable()
export class CreateApiKey {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly random: RandomBytes,
    private readonly audit: Audit,
  ) {}

  run(publicationId: string, key: { role: ApiKey['role']; name: string }, by: StaffActor): Promise<NewApiKey> {
    return this.database.transaction(async (tx) => {
      const made = await this.within(tx, publicationId, key);
      const subject = { kind: 'api-key', id: made.id };
      const data = { role: key.role };
      await this.audit.within(tx, publicationId, by, { act: 'api-key.create', subject, data }, this.clock.now());
      return made;
    });
  }

  async within(tx: Tx, publicationId: string, key: { role: ApiKey['role']; name: string }): Promise<NewApiKey> {
    const secret = `kuchikomi_${key.role}_${this.random.take(32).toString('base64url')}`;
    const id = this.ids.next();
    await insertApiKey(tx, { id, publicationId, ...key, secretHash: hashKey(secret), createdAt: this.clock.now() });
    return { id, ...key, secret };
  }
}
