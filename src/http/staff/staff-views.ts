import type { StaffRole } from '../../domain/staff.js';
import type { Money } from '../../domain/money.js';
import type { AccountView, NewPublicationView } from './account-views.js';
import type { ApiKeysView, ImportPageView, ImportsView, WebhookPageView, WebhooksView } from './connect-views.js';
import type { ContentsView, SnippetsView } from './content-views.js';
import type { FraudListsView, FraudView } from './fraud-views.js';
import type { GrantsView } from './grants-views.js';
import type { MailTemplatesView, MailTemplateView } from './mail-templates-views.js';
import type { OutboxView } from './outbox-views.js';
import type { PeopleView, PersonView } from './people-views.js';
import type { ReferralView, ReviewView } from './review-views.js';
import type { LeadsView, LeadView } from './lead-views.js';
import type { MilestoneImpactView, MilestonesView, MilestoneView } from './milestone-views.js';
import type { PresetsView } from './preset-views.js';
import type { Problems } from './problems.js';
import type { ParticipantsView, ProgramSettingsView, ProgramsView } from './program-views.js';
import type { EconomicsView, FunnelView, GrowthView } from './report-views.js';
import type { RewardKindsView, RewardsView, RewardView } from './reward-views.js';
import type { SettingsView } from './settings-views.js';

/**
 * The pages for staff, and the exact data each takes beside the frame: `staffPages.send(request, reply, 'overview', view)`.
 * Every field must be there (null where there is nothing): the templates are strict. The views of a page that is not about
 * getting in stand in a file of their own beside its controller.
 */
export interface StaffViews {
  'sign-in': SignInView;
  'sign-in-link': SignInLinkView;
  'staff-link': StaffLinkView;
  'staff-link-over': object;
  'no-workplace': { operator: boolean };
  account: AccountView;
  'new-publication': NewPublicationView;
  forbidden: ForbiddenView;
  'staff-problem': StaffProblemView;
  overview: OverviewView;
  'set-up': SetUpView;
  colleagues: ColleaguesView;
  'audit-log': AuditLogView;
  review: ReviewView;
  referral: ReferralView;
  fraud: FraudView;
  'fraud-lists': FraudListsView;
  people: PeopleView;
  person: PersonView;
  outbox: OutboxView;
  grants: GrantsView;
  'mail-templates': MailTemplatesView;
  'mail-template': MailTemplateView;
  milestones: MilestonesView;
  milestone: MilestoneView;
  'milestone-impact': MilestoneImpactView;
  presets: PresetsView;
  rewards: RewardsView;
  'reward-kinds': RewardKindsView;
  reward: RewardView;
  contents: ContentsView;
  snippets: SnippetsView;
  programs: ProgramsView;
  'program-settings': ProgramSettingsView;
  participants: ParticipantsView;
  funnel: FunnelView;
  growth: GrowthView;
  economics: EconomicsView;
  'publication-settings': SettingsView;
  'api-keys': ApiKeysView;
  webhooks: WebhooksView;
  webhook: WebhookPageView;
  imports: ImportsView;
  import: ImportPageView;
  leads: LeadsView;
  lead: LeadView;
}

export interface SignInView {
  typed: { email: string };
  /** `refused`: address and password do not belong together. */
  problem: 'refused' | 'paused' | null;
  /** Of `paused`. */
  minutes: number;
  /** Where to go on; a path of ours. */
  next: string | null;
}

/** Asks for the address to mail a link to, and says that it was. */
export interface SignInLinkView {
  sent: boolean;
  minutes: number;
  typed: { email: string };
  problems: Problems<'email'>;
}

export interface StaffLinkView {
  purpose: 'first' | 'invitation' | 'sign_in';
  /** Where the form goes. */
  action: string;
  /** null of the first account, whose owner says. */
  email: string | null;
  role: 'operator' | StaffRole | null;
  invitedBy: string | null;
  /** The publication's name. */
  to: string | null;
  expiresAt: Date | null;
  isNew: boolean;
  typed: { email: string; name: string };
  problems: Problems<'email' | 'name' | 'password'>;
}

export interface ForbiddenView {
  permission: string;
  /** Who can help, the first with an address to write to. */
  admins: { name: string; email: string }[];
}

export interface StaffProblemView {
  status: number;
  code: string;
  detail: string;
  requestId: string;
}

export interface OverviewView {
  /** Days that the figures are of. */
  days: number;
  /** Tenths of the new readers who came through a friend; null where there is none to speak of. */
  ofTen: number | null;
  waiting: { review: number; grants: number; mails: number; total: number };
  figures: {
    newSubscribers: number;
    newReferred: number;
    participationRate: number | null;
    referralConversionRate: number | null;
    purchased: number;
    signedUp: number;
    kFactor: number | null;
    medianHours: number | null;
    rewardCost: Money[];
  };
  /** null when everything is done. */
  setUp: { done: number; of: number; steps: SetUpView['steps'] } | null;
}

export interface SetUpView {
  steps: { key: 'sender' | 'mail' | 'readers' | 'rewards' | 'links'; done: boolean }[];
  left: number;
  sender: { name: string; email: string; postalAddress: string | null };
  joinUrl: string;
  /** Where a test mail goes. */
  email: string;
  /** Which steps are the reader's of this page to take. */
  may: { sender: boolean; mail: boolean; rewards: boolean; readers: boolean };
}

export interface ColleaguesView {
  colleagues: {
    id: string;
    name: string;
    email: string;
    role: StaffRole;
    lastUsedAt: Date | null;
    isYou: boolean;
  }[];
  invitations: { id: string; email: string; role: string; expiresAt: Date }[];
  roles: readonly StaffRole[];
  typed: { email: string; role: StaffRole };
  problems: Problems<'email'>;
}

export interface AuditLogView {
  entries: {
    at: Date;
    who: { kind: 'account' | 'key' | 'operator' | 'gone'; name: string };
    role: string;
    act: string;
    subjectKind: string;
    subjectId: string;
    note: string | null;
    /** What was decided, as pairs. */
    data: { name: string; value: string }[];
  }[];
  filter: { who: string; act: string; from: string; to: string };
  actors: { value: string; name: string }[];
  acts: string[];
  problems: Problems<'from' | 'to'>;
  /** The query of the next page. */
  older: string | null;
}
