import { Module } from '@nestjs/common';
import { ClicksModule } from '../clicks/clicks.module.js';
import { MailModule } from '../mail/mail.module.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { Activate } from './activate.js';
import { AddMilestone } from './add-milestone.js';
import { Announce } from './announce.js';
import { Award } from './award.js';
import { AwardPast } from './award-past.js';
import { ChangeFraudLists } from './change-fraud-lists.js';
import { ChangeReferral } from './change-referral.js';
import { ChangeProgram } from './change-program.js';
import { ChangeSubscriber } from './change-subscriber.js';
import { CleanUp } from './clean-up.js';
import { Confirm } from './confirm.js';
import { CreateApiKey } from './create-api-key.js';
import { RemoveApiKey } from './remove-api-key.js';
import { CreatePublication } from './create-publication.js';
import { DecideGrant } from './decide-grant.js';
import { DeliverWebhooks } from './deliver-webhooks.js';
import { DryRunFraud } from './dry-run-fraud.js';
import { Engage } from './engage.js';
import { Enrol } from './enrol.js';
import { Erase } from './erase.js';
import { ExportSubscribers } from './export-subscribers.js';
import { Fulfil } from './fulfil.js';
import { GrantOnce } from './grant-once.js';
import { ImportReaders } from './import-readers.js';
import { ImportReferrals } from './import-referrals.js';
import { ImportSubscribers } from './import-subscribers.js';
import { Join } from './join.js';
import { JudgeReferral } from './judge-referral.js';
import { Leave } from './leave.js';
import { LimitForms } from './limit-forms.js';
import { ManageWebhooks } from './manage-webhooks.js';
import { NextReward } from './next-reward.js';
import { NoteSignup } from './note-signup.js';
import { Owe } from './owe.js';
import { ReadFooter } from './read-footer.js';
import { ReadHub } from './read-hub.js';
import { ReadImport } from './read-import.js';
import { ReadInvitation } from './read-invitation.js';
import { ReadSubscribers } from './read-subscribers.js';
import { RecordClick } from './record-click.js';
import { RequestedMail } from './requested-mail.js';
import { Restock } from './restock.js';
import { RunImports } from './run-imports.js';
import { SendMails } from './send-mails.js';
import { SettleHeld } from './settle-held.js';
import { SettleReferrals } from './settle-referrals.js';
import { Tick } from './tick.js';
import { Tie } from './tie.js';
import { Traces } from './traces.js';
import { VerifyReferral } from './verify-referral.js';

/** Called by the edges. */
const ENTRANCES = [
  AddMilestone, ChangeFraudLists, ChangeProgram, ChangeSubscriber, CleanUp, Confirm, CreateApiKey, CreatePublication, DecideGrant, DeliverWebhooks, DryRunFraud, Erase, Fulfil, Join, Leave, LimitForms,
  ManageWebhooks, NextReward, ReadFooter, ReadHub, ReadInvitation, RemoveApiKey,
  ReadSubscribers, RecordClick, RequestedMail, Restock, SendMails, SettleReferrals, Tick,
  ExportSubscribers, ImportSubscribers, ReadImport, RunImports,
]; // prettier-ignore
/** Steps of other flows, inside their transactions. */
const STEPS = [
  Activate,
  Announce,
  Award,
  AwardPast,
  ChangeReferral,
  Engage,
  Enrol,
  GrantOnce,
  ImportReaders,
  ImportReferrals,
  JudgeReferral,
  NoteSignup,
  Owe,
  SettleHeld,
  Tie,
  Traces,
  VerifyReferral,
];

@Module({
  imports: [ClicksModule, MailModule, WebhooksModule],
  providers: [...ENTRANCES, ...STEPS],
  exports: ENTRANCES,
})
export class FlowsModule {}
