import { Module } from '@nestjs/common';
import { ClicksModule } from '../clicks/clicks.module.js';
import { FlowsModule } from '../flows/flows.module.js';
import { MailModule } from '../mail/mail.module.js';
import { ApiKeysController } from './api/api-keys.controller.js';
import { AttributionController } from './api/attribution.controller.js';
import { AuditController } from './api/audit.controller.js';
import { ContestsController } from './api/contests.controller.js';
import { LeaderboardController } from './api/leaderboard.controller.js';
import { RafflesController } from './api/raffles.controller.js';
import { RafflePageController } from './public/raffle-page.controller.js';
import { ContentsController } from './api/contents.controller.js';
import { EventsController } from './api/events.controller.js';
import { FraudDryRunController } from './api/fraud-dry-run.controller.js';
import { FraudListsController } from './api/fraud-lists.controller.js';
import { GrantsController } from './api/grants.controller.js';
import { HeardFromController } from './api/heard-from.controller.js';
import { ImportsController } from './api/imports.controller.js';
import { LedgerController } from './api/ledger.controller.js';
import { LeadsController } from './api/leads.controller.js';
import { ParticipantsController } from './api/participants.controller.js';
import { MilestonesController } from './api/milestones.controller.js';
import { MailTemplatesController } from './api/mail-templates.controller.js';
import { PresetsController } from './api/presets.controller.js';
import { ProgramsController } from './api/programs.controller.js';
import { PublicationsController } from './api/publications.controller.js';
import { ReferralsController } from './api/referrals.controller.js';
import { ReportsController } from './api/reports.controller.js';
import { RewardsController } from './api/rewards.controller.js';
import { SubscriberAnswers } from './api/subscriber-answer.js';
import { SubscriberExportController } from './api/subscriber-export.controller.js';
import { SeasonsController } from './api/seasons.controller.js';
import { AdjustmentsController } from './api/adjustments.controller.js';
import { EconomicsController } from './api/economics.controller.js';
import { SummaryController } from './api/summary.controller.js';
import { SubscribersController } from './api/subscribers.controller.js';
import { WebhooksController } from './api/webhooks.controller.js';
import { DevController } from './dev/dev.controller.js';
import { ApiDocument, DocsController } from './docs.controller.js';
import { ClaimController } from './public/claim.controller.js';
import { ConfirmController } from './public/confirm.controller.js';
import { DownloadController } from './public/download.controller.js';
import { EmbedController } from './public/embed.controller.js';
import { FooterController } from './public/footer.controller.js';
import { HandInController } from './public/hand-in.controller.js';
import { HubFriendsController } from './public/hub-friends.controller.js';
import { HubPage } from './public/hub-page.js';
import { HubBoardController } from './public/hub-board.controller.js';
import { HubSettingsController } from './public/hub-settings.controller.js';
import { HubShareController } from './public/hub-share.controller.js';
import { HubVisits } from './public/hub-visits.js';
import { HubController } from './public/hub.controller.js';
import { JoinController } from './public/join.controller.js';
import { ProgramDoorController } from './public/program-door.controller.js';
import { ProgramPageController } from './public/program-page.controller.js';
import { PublicationPages } from './public/publication-page.js';
import { FormTime } from './public/form-time.js';
import { CardController } from './public/card.controller.js';
import { QrCodeController } from './public/qr-code.controller.js';
import { ReaderCookie } from './public/reader-cookie.js';
import { ShareLinkController } from './public/share-link.controller.js';
import { SignupCookie } from './public/signup-cookie.js';
import { UnsubscribeController } from './public/unsubscribe.controller.js';
import { ApiKeysPageController } from './staff/api-keys-page.controller.js';
import { AuditPageController } from './staff/audit-page.controller.js';
import { ColleaguesController } from './staff/colleagues.controller.js';
import { FraudController } from './staff/fraud.controller.js';
import { FraudListsPageController } from './staff/fraud-lists.controller.js';
import { LeadsPageController } from './staff/leads-page.controller.js';
import { OverviewController } from './staff/overview.controller.js';
import { ImportsPageController } from './staff/imports-page.controller.js';
import { GrantsPageController } from './staff/grants-page.controller.js';
import { MilestonePageController } from './staff/milestone-page.controller.js';
import { MilestonesPageController } from './staff/milestones-page.controller.js';
import { PresetsPageController } from './staff/presets-page.controller.js';
import { ContentsPageController } from './staff/contents-page.controller.js';
import { ParticipantsPageController } from './staff/participants-page.controller.js';
import { ProgramsPageController } from './staff/programs-page.controller.js';
import { SetUpController } from './staff/set-up.controller.js';
import { ReportsPageController } from './staff/reports-page.controller.js';
import { RewardsPageController } from './staff/rewards-page.controller.js';
import { MilestoneImpact } from './staff/milestone-impact.js';
import { SettingsPageController } from './staff/settings-page.controller.js';
import { MailTemplatesPageController } from './staff/mail-templates-page.controller.js';
import { OutboxController } from './staff/outbox.controller.js';
import { PeopleController } from './staff/people.controller.js';
import { PersonActsController } from './staff/person-acts.controller.js';
import { PersonPage } from './staff/person-page.js';
import { ReferralController } from './staff/referral.controller.js';
import { ReviewController } from './staff/review.controller.js';
import { SignInController } from './staff/sign-in.controller.js';
import { AccountController } from './staff/account.controller.js';
import { NewPublicationController } from './staff/new-publication.controller.js';
import { StaffHomeController } from './staff/staff-home.controller.js';
import { StaffLinkController } from './staff/staff-link.controller.js';
import { WebhooksPageController } from './staff/webhooks-page.controller.js';
import { VitalsModule } from './vitals.module.js';

const API = [
  PublicationsController, ApiKeysController, ContentsController, SubscribersController, ProgramsController, PresetsController, ParticipantsController, MilestonesController, RewardsController,
  GrantsController, LedgerController, ReferralsController, LeadsController, ReportsController, WebhooksController, ImportsController, SubscriberExportController, AuditController, EventsController,
ContestsController, RafflesController, LeaderboardController,
  SummaryController, EconomicsController, MailTemplatesController,
  HeardFromController, SeasonsController, AdjustmentsController, FraudListsController, FraudDryRunController, AttributionController,
]; // prettier-ignore
const PUBLIC = [
  ShareLinkController,
  JoinController,
  ConfirmController,
  UnsubscribeController,
  ClaimController,
  DownloadController,
  HubController,
  HubFriendsController,
  HubBoardController,
  HubSettingsController,
  HubShareController,
  ProgramPageController,
  ProgramDoorController,
  HandInController,
  RafflePageController,
  FooterController,
  CardController,
  QrCodeController,
  EmbedController,
  DocsController,
  DevController,
];

const STAFF = [
  SignInController,
  StaffLinkController,
  StaffHomeController,
  AccountController,
  NewPublicationController,
  OverviewController,
  ColleaguesController,
  LeadsPageController,
  AuditPageController,
  ReviewController,
  ReferralController,
  FraudController,
  FraudListsPageController,
  PeopleController,
  PersonActsController,
  MilestonesPageController,
  MilestonePageController,
  PresetsPageController,
  RewardsPageController,
  ProgramsPageController,
  ParticipantsPageController,
  SetUpController,
  ReportsPageController,
  ContentsPageController,
  GrantsPageController,
  SettingsPageController,
  MailTemplatesPageController,
  OutboxController,
  ApiKeysPageController,
  WebhooksPageController,
  ImportsPageController,
];

@Module({
  imports: [FlowsModule, ClicksModule, MailModule, VitalsModule],
  controllers: [...API, ...PUBLIC, ...STAFF],
  providers: [
    SubscriberAnswers, PublicationPages, HubVisits, HubPage, FormTime, ReaderCookie, SignupCookie, ApiDocument, PersonPage,
    MilestoneImpact,
  ], // prettier-ignore
})
export class HttpModule {}
