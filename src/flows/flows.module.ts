import { Module } from '@nestjs/common';
import { ClicksModule } from '../clicks/clicks.module.js';
import { MailModule } from '../mail/mail.module.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { Activate } from './activate.js';
import { AddMilestone } from './add-milestone.js';
import { AnswerHandIn } from './answer-hand-in.js';
import { AdjustCount } from './adjust-count.js';
import { AskToShare } from './ask-to-share.js';
import { Announce } from './announce.js';
import { Appeal } from './appeal.js';
import { Audit } from './audit.js';
import { Award } from './award.js';
import { ApplyEvent } from './apply-event.js';
import { AwardPast } from './award-past.js';
import { ChangeContent } from './change-content.js';
import { ChangeFraudLists } from './change-fraud-lists.js';
import { ChangeMailTemplate } from './change-mail-template.js';
import { ChangeMilestone } from './change-milestone.js';
import { Claim } from './claim.js';
import { ChangeReferral } from './change-referral.js';
import { ChangeProgram } from './change-program.js';
import { ChangePublication } from './change-publication.js';
import { ChangeReward } from './change-reward.js';
import { ChangeOwnPassword } from './change-own-password.js';
import { ChangeSubscriber } from './change-subscriber.js';
import { CleanUp } from './clean-up.js';
import { Confirm } from './confirm.js';
import { CountStage } from './count-stage.js';
import { CreateApiKey } from './create-api-key.js';
import { RemoveApiKey } from './remove-api-key.js';
import { CreateProgram } from './create-program.js';
import { CreatePublication } from './create-publication.js';
import { DecideGrant } from './decide-grant.js';
import { DeliverWebhooks } from './deliver-webhooks.js';
import { DryRunFraud } from './dry-run-fraud.js';
import { Engage } from './engage.js';
import { Enrol } from './enrol.js';
import { EnrolExisting } from './enrol-existing.js';
import { EnterProgram } from './enter-program.js';
import { Erase } from './erase.js';
import { ExportPublication } from './export-publication.js';
import { ExportShipping } from './export-shipping.js';
import { Reconcile } from './reconcile.js';
import { ExportSubscribers } from './export-subscribers.js';
import { ForgetContacts } from './forget-contacts.js';
import { ForecastRewards } from './forecast-rewards.js';
import { ReadSummary } from './read-summary.js';
import { Fulfil } from './fulfil.js';
import { GiveCodes } from './give-codes.js';
import { GrantOnce } from './grant-once.js';
import { HandInContact } from './hand-in.js';
import { GrantPast } from './grant-past.js';
import { PastCrossings } from './past-crossings.js';
import { PreviewMilestone } from './preview-milestone.js';
import { HoldPrizes } from './hold-prizes.js';
import { ImportReaders } from './import-readers.js';
import { ImportReferrals } from './import-referrals.js';
import { ImportSubscribers } from './import-subscribers.js';
import { Join } from './join.js';
import { JudgeReferral } from './judge-referral.js';
import { KeepClicks } from './keep-clicks.js';
import { KeepShareWords } from './keep-share-words.js';
import { LadderOf } from './ladder-of.js';
import { Leave } from './leave.js';
import { LimitForms } from './limit-forms.js';
import { ManageParticipants } from './manage-participants.js';
import { ManageWebhooks } from './manage-webhooks.js';
import { MarkLead } from './mark-lead.js';
import { NextReward } from './next-reward.js';
import { NoteShare } from './note-share.js';
import { NoteSignup } from './note-signup.js';
import { ExportOwnData } from './export-own-data.js';
import { ReadBoard } from './read-board.js';
import { OwnSettings } from './own-settings.js';
import { OpenDownload } from './open-download.js';
import { Owe } from './owe.js';
import { ReadDoors } from './read-doors.js';
import { ReadEconomics } from './read-economics.js';
import { OweKnown } from './owe-known.js';
import { ReachStage } from './reach-stage.js';
import { PlanGrants } from './plan-grants.js';
import { ReadFooter } from './read-footer.js';
import { ReadFriends } from './read-friends.js';
import { ReadHub } from './read-hub.js';
import { ReadLedger } from './read-ledger.js';
import { ReadRewards } from './read-rewards.js';
import { ReadImport } from './read-import.js';
import { ReadInvitation } from './read-invitation.js';
import { ReadSubscribers } from './read-subscribers.js';
import { RecordClick } from './record-click.js';
import { RequestedMail } from './requested-mail.js';
import { RemindReviewers } from './remind-reviewers.js';
import { RemindToConfirm } from './remind-to-confirm.js';
import { TellContest } from './tell-contest.js';
import { WarnOfStock } from './warn-of-stock.js';
import { ReadMailTemplates } from './read-mail-templates.js';
import { Restock } from './restock.js';
import { ReverseReferral } from './reverse-referral.js';
import { ReviewReferrals } from './review-referrals.js';
import { RevokeGrant } from './revoke-grant.js';
import { RewardReview } from './reward-review.js';
import { RunImports } from './run-imports.js';
import { SendMails } from './send-mails.js';
import { SettlePurchases } from './settle-purchases.js';
import { SettleHeld } from './settle-held.js';
import { SettleReferrals } from './settle-referrals.js';
import { TakePart } from './take-part.js';
import { TakeBack } from './take-back.js';
import { TellReward } from './tell-reward.js';
import { TellSharer } from './tell-sharer.js';
import { TakeEvent } from './take-event.js';
import { TellLead } from './tell-lead.js';
import { StartSeason } from './start-season.js';
import { Tick } from './tick.js';
import { Tie } from './tie.js';
import { Traces } from './traces.js';
import { WorthOfGrant } from './worth-of-grant.js';
import { VerifyReferral } from './verify-referral.js';
import { Welcome } from './welcome.js';
import { ApplyPreset } from './apply-preset.js';
import { AddContest } from './add-contest.js';
import { AddRaffle } from './add-raffle.js';
import { ReadRaffle } from './read-raffle.js';
import { ReadRunning } from './read-running.js';
import { ReadStanding } from './read-standing.js';
import { RunSchedules } from './run-schedules.js';
import { CheckLedger } from './check-ledger.js';
import { CloseContest } from './close-contest.js';
import { DrawRaffle } from './draw-raffle.js';
import { GivePrize } from './give-prize.js';
import { RunOnce } from './run-once.js';
import { FirstAccount } from './first-account.js';
import { InviteStaff } from './invite-staff.js';
import { MailSignInLink } from './mail-sign-in-link.js';
import { ManageMails } from './manage-mails.js';
import { ManageStaff } from './manage-staff.js';
import { OpenSession } from './open-session.js';
import { SignIn } from './sign-in.js';
import { UseStaffLink } from './use-staff-link.js';

/** Called by the edges. */
const ENTRANCES = [
  AddMilestone, Appeal, ChangeContent, ChangeFraudLists, ChangeProgram, ChangePublication, ChangeReward, ChangeSubscriber, CleanUp, Confirm, CreateApiKey, CreatePublication, DecideGrant, DeliverWebhooks, DryRunFraud, Erase, Fulfil, Join, Leave, LimitForms,
  ManageWebhooks, MarkLead, NextReward, NoteShare, ReadFooter, ReadFriends, ReadHub, ReadInvitation, RemoveApiKey,
  ReadSubscribers, RecordClick, RequestedMail, Restock, ReviewReferrals, SendMails, SettleReferrals, Tick,
  Claim, ExportPublication, ExportShipping, OpenDownload, ReadLedger,
  ExportSubscribers, ForecastRewards, ReadSummary, ImportSubscribers, ReadImport, Reconcile, RunImports, TakeEvent,
  ApplyPreset, Welcome, AddContest, AddRaffle, ReadRaffle, ReadRunning, ReadStanding, RunSchedules, RemindToConfirm, AskToShare, WarnOfStock,
  AdjustCount, ChangeMilestone, GrantPast, PreviewMilestone, StartSeason,
  ChangeMailTemplate, ReadMailTemplates,
  ExportOwnData, KeepShareWords, OwnSettings, ReadBoard,
  KeepClicks, AnswerHandIn, CreateProgram, EnrolExisting, EnterProgram, ForgetContacts, HandInContact, ManageParticipants, ReadDoors, ReadEconomics,
  FirstAccount, SignIn, ChangeOwnPassword, MailSignInLink, UseStaffLink, InviteStaff, ManageStaff, ManageMails,
]; // prettier-ignore
/** Steps of other flows, inside their transactions. */
const STEPS = [
  Activate,
  Announce,
  ApplyEvent,
  Audit,
  Award,
  AwardPast,
  ChangeReferral,
  CheckLedger,
  CloseContest,
  DrawRaffle,
  Engage,
  CountStage,
  Enrol,
  GiveCodes,
  GivePrize,
  HoldPrizes,
  GrantOnce,
  ImportReaders,
  ImportReferrals,
  JudgeReferral,
  LadderOf,
  NoteSignup,
  OpenSession,
  Owe,
  TakePart,
  OweKnown,
  SettleHeld,
  PastCrossings,
  PlanGrants,
  ReachStage,
  ReadRewards,
  ReverseReferral,
  RevokeGrant,
  RewardReview,
  RunOnce,
  SettlePurchases,
  TakeBack,
  RemindReviewers,
  TellContest,
  TellReward,
  TellSharer,
  TellLead,
  Tie,
  Traces,
  VerifyReferral,
  WorthOfGrant,
];

@Module({
  imports: [ClicksModule, MailModule, WebhooksModule],
  providers: [...ENTRANCES, ...STEPS],
  exports: ENTRANCES,
})
export class FlowsModule {}
