import { DataSource } from 'typeorm';
import { TheLoop1763700000000 } from '../migrations/1763700000000-the-loop.js';
import { Webhooks1763710000000 } from '../migrations/1763710000000-webhooks.js';
import { Imports1763720000000 } from '../migrations/1763720000000-imports.js';
import { IdempotencyAndLimits1763730000000 } from '../migrations/1763730000000-idempotency-and-limits.js';
import { Erasure1763740000000 } from '../migrations/1763740000000-erasure.js';
import { Fraud1763750000000 } from '../migrations/1763750000000-fraud.js';
import { Review1763752000000 } from '../migrations/1763752000000-review.js';
import { InboundEvents1763753000000 } from '../migrations/1763753000000-inbound-events.js';
import { MilestoneRules1763754000000 } from '../migrations/1763754000000-milestone-rules.js';
import { RewardKinds1763755000000 } from '../migrations/1763755000000-reward-kinds.js';
import { ProgramAccess1763756000000 } from '../migrations/1763756000000-program-access.js';
import { ReferralClicks1763751000000 } from '../migrations/1763751000000-referral-clicks.js';
import { Schedules1763757000000 } from '../migrations/1763757000000-schedules.js';
import { RaffleCancel1763758000000 } from '../migrations/1763758000000-raffle-cancel.js';
import { InvitationsEnd1763758100000 } from '../migrations/1763758100000-invitations-end.js';
import { Reports1763770000000 } from '../migrations/1763770000000-reports.js';
import { ProgramMails1763800000000 } from '../migrations/1763800000000-program-mails.js';
import { ConfirmReminders1763801000000 } from '../migrations/1763801000000-confirm-reminders.js';
import { ReaderPages1763810000000 } from '../migrations/1763810000000-reader-pages.js';
import { MailTemplates1763820000000 } from '../migrations/1763820000000-mail-templates.js';
import { ClicksByMonth1763830000000 } from '../migrations/1763830000000-clicks-by-month.js';
import { LeadFeed1763840000000 } from '../migrations/1763840000000-lead-feed.js';
import { Staff1763850000000 } from '../migrations/1763850000000-staff.js';
import { ReviewQueue1763855000000 } from '../migrations/1763855000000-review-queue.js';
import { AskingMails1763900000000 } from '../migrations/1763900000000-asking-mails.js';
import { CountFloor1763890000000 } from '../migrations/1763890000000-count-floor.js';
import { Click } from './clicks/click.entities.js';
import { Share } from './clicks/share.entities.js';
import { Contest, ContestPrize, ContestResult, ContestRound } from './contests/contest.entities.js';
import { Raffle, RaffleEntry, RafflePrize, RaffleWinner } from './contests/raffle.entities.js';
import { InboundEvent } from './events/inbound-event.entities.js';
import { IdempotencyKey } from './idempotency/idempotency.entities.js';
import { Import, ImportRow } from './imports/import.entities.js';
import { LeadMarks } from './leads/lead.entities.js';
import { MailLimit, NetworkLimit } from './limits/limit.entities.js';
import { Mail, ReceivedMail } from './mail/mail.entities.js';
import { MailTemplateVersion } from './mail/mail-template.entities.js';
import { Grant, LedgerEntry, Milestone } from './milestones/milestone.entities.js';
import { CouponCode, Reward, ShippingAddress } from './milestones/reward.entities.js';
import { MilestoneVersion, PastRun } from './milestones/milestone-version.entities.js';
import { InstanceSetting } from './platform/instance.entities.js';
import { PostgresNaming } from './platform/naming.js';
import { Content, Program, ProgramSeason, Publication } from './publications/publication.entities.js';
import { FraudListEntry, ReferralAssessment, SignupSignals } from './referrals/fraud.entities.js';
import { Purchase } from './referrals/purchase.entities.js';
import { ReferralClick } from './referrals/referral-click.entities.js';
import {
  Referral,
  ReferralAdjustment,
  ReferralEvent,
  ReferralStage,
  StageCount,
} from './referrals/referral.entities.js';
import { ReferralAppeal } from './referrals/appeal.entities.js';
import { ScheduleRun } from './schedules/schedule-run.entities.js';
import { Account, Membership, StaffLink, StaffSession } from './staff/account.entities.js';
import { ApiKey } from './staff/api-key.entities.js';
import { AuditEntry } from './staff/audit.entities.js';
import { Opinion } from './subscribers/opinion.entities.js';
import {
  AskedAddress,
  Consent,
  ErasedAddress,
  FormerAddress,
  HandIn,
  Participant,
  ShareCode,
  Subscriber,
} from './subscribers/subscriber.entities.js';
import { Webhook, WebhookDelivery } from './webhooks/webhook.entities.js';

const ENTITIES = [
  InstanceSetting, Publication, ApiKey, Program, Content, Subscriber, Consent, Participant, ShareCode, Click, Share,
  Referral, ReferralEvent, ReferralStage, StageCount, Reward, Milestone, Grant, LedgerEntry, CouponCode, ShippingAddress, Mail, ReceivedMail, MailTemplateVersion, Webhook, WebhookDelivery,
  IdempotencyKey, MailLimit, NetworkLimit, Import, ImportRow, ReferralAdjustment, FormerAddress, ErasedAddress,
  AuditEntry, ReferralAppeal,
  InboundEvent, Purchase, Opinion, LeadMarks, MilestoneVersion, PastRun, ProgramSeason,
  HandIn, AskedAddress, SignupSignals, FraudListEntry, ReferralAssessment,
  ReferralClick,
  Account, Membership, StaffSession, StaffLink,
  ScheduleRun, Contest, ContestPrize, ContestRound, ContestResult, Raffle, RafflePrize, RaffleEntry, RaffleWinner,
]; // prettier-ignore
const MIGRATIONS = [
  TheLoop1763700000000,
  Webhooks1763710000000,
  Imports1763720000000,
  IdempotencyAndLimits1763730000000,
  Erasure1763740000000,
  ReferralClicks1763751000000,
  Fraud1763750000000,
  Review1763752000000,
  InboundEvents1763753000000,
  MilestoneRules1763754000000,
  RewardKinds1763755000000,
  ProgramAccess1763756000000,
  Schedules1763757000000,
  RaffleCancel1763758000000,
  InvitationsEnd1763758100000,
  Reports1763770000000,
  ProgramMails1763800000000,
  ConfirmReminders1763801000000,
  ReaderPages1763810000000,
  MailTemplates1763820000000,
  ClicksByMonth1763830000000,
  LeadFeed1763840000000,
  Staff1763850000000,
  ReviewQueue1763855000000,
  CountFloor1763890000000,
  AskingMails1763900000000,
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
