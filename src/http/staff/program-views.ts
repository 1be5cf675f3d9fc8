import type { ParticipantStatus, ProgramAccess } from '../../domain/participation.js';
import type { Problems } from './problems.js';

export interface ProgramsView {
  programs: { slug: string; name: string; access: ProgramAccess; milestones: number; applied: number; active: number; pageUrl: string | null }[]; // prettier-ignore
  typed: { slug: string; name: string };
  problems: Problems<'slug' | 'name'>;
  mayChange: boolean;
}

export type ProgramField =
  | 'name'
  | 'access'
  | 'requirements'
  | 'landingUrl'
  | 'model'
  | 'windowDays'
  | 'doubleOptIn'
  | 'holdDays'
  | 'requireEngagement'
  | 'when'
  | 'cron'
  | 'timezone'
  | 'stages'
  | 'askHeardFrom'
  | 'showsBoard'
  | 'handIn'
  | 'description'
  | 'steps'
  | 'faq'
  | 'termsUrl'
  | 'shareMessage';

export interface ProgramSettingsView {
  slug: string;
  /** Every field as text; what is ticked is `on`. */
  typed: Record<ProgramField, string>;
  problems: Problems<ProgramField>;
  /** Without `segment`, unless it is that: whom it is of is told by API. */
  accesses: ProgramAccess[];
  timezones: readonly string[];
  pageUrl: string | null;
  mayChange: boolean;
}

export interface ParticipantsView {
  program: { slug: string; name: string };
  status: ParticipantStatus;
  tabs: { status: ParticipantStatus; count: number; current: boolean }[];
  participants: {
    id: string;
    person: { id: string; email: string | null; firstName: string | null };
    answers: { name: string; text: string }[];
    requirements: { name: string; met: boolean }[];
    isReady: boolean;
    since: Date;
    referrals: number;
  }[];
  typed: { email: string };
  problems: Problems<'email'>;
  mayChange: boolean;
  older: string | null;
}
