import { DataSource } from 'typeorm';
import { TheLoop1763700000000 } from '../migrations/1763700000000-the-loop.js';
import { Webhooks1763710000000 } from '../migrations/1763710000000-webhooks.js';
import { Imports1763720000000 } from '../migrations/1763720000000-imports.js';
import { IdempotencyAndLimits1763730000000 } from '../migrations/1763730000000-idempotency-and-limits.js';
import { Erasure1763740000000 } from '../migrations/1763740000000-erasure.js';
import { Fraud1763750000000 } from '../migrations/1763750000000-fraud.js';
import { Click } from './clicks/click.entities.js';
import { IdempotencyKey } from './idempotency/idempotency.entities.js';
import { Import, ImportRow } from './imports/import.entities.js';
import { MailLimit, NetworkLimit } from './limits/limit.entities.js';
import { Mail, ReceivedMail } from './mail/mail.entities.js';
import { Grant, LedgerEntry, Milestone } from './milestones/milestone.entities.js';
import { CouponCode, Reward } from './milestones/reward.entities.js';
import { InstanceSetting } from './platform/instance.entities.js';
import { PostgresNaming } from './platform/naming.js';
import { Content, Program, Publication } from './publications/publication.entities.js';
import { FraudListEntry, ReferralAssessment, SignupSignals } from './referrals/fraud.entities.js';
import {
  Referral,
  ReferralAdjustment,
  ReferralEvent,
  ReferralStage,
  StageCount,
} from './referrals/referral.entities.js';
import { ApiKey } from './staff/api-key.entities.js';
import {
  Consent,
  ErasedAddress,
  FormerAddress,
  Participant,
  ShareCode,
  Subscriber,
} from './subscribers/subscriber.entities.js';
import { Webhook, WebhookDelivery } from './webhooks/webhook.entities.js';

const ENTITIES = [
  InstanceSetting, Publication, ApiKey, Program, Content, Subscriber, Consent, Participant, ShareCode, Click,
  Referral, ReferralEvent, ReferralStage, StageCount, Reward, Milestone, Grant, LedgerEntry, CouponCode, Mail, ReceivedMail, Webhook, WebhookDelivery,
  IdempotencyKey, MailLimit, NetworkLimit, Import, ImportRow, ReferralAdjustment, FormerAddress, ErasedAddress,
  SignupSignals, FraudListEntry, ReferralAssessment,
]; // prettier-ignore
const MIGRATIONS = [
  TheLoop1763700000000,
  Webhooks1763710000000,
  Imports1763720000000,
  IdempotencyAndLimits1763730000000,
  Erasure1763740000000,
  Fraud1763750000000,
];

export interface DataSourceOptions {
  /** Connections kept by this process. */
  poolSize?: number;
}

/** The database with all entities and migrations, not yet connected. Classes are named one by one: a pattern of files would differ between sources and build. */
export function createDataSource(url: string, options: DataSourceOptions = {}): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    entities: ENTITIES,
    migrations: MIGRATIONS,
    namingStrategy: new PostgresNaming(),
    poolSize: options.poolSize ?? 20,
    logging: false,
    applicationName: 'kuchikomi',
    // A pool that waits for ever would turn "the database is away" into requests that hang.
    connectTimeoutMS: 5_000,
    extra: { keepAlive: true },
  });
}
