import { Module } from '@nestjs/common';
import { ClicksModule } from '../clicks/clicks.module.js';
import { MailModule } from '../mail/mail.module.js';
import { Activate } from './activate.js';
import { AddMilestone } from './add-milestone.js';
import { Award } from './award.js';
import { ChangeReferral } from './change-referral.js';
import { ChangeSubscriber } from './change-subscriber.js';
import { Confirm } from './confirm.js';
import { CreateApiKey } from './create-api-key.js';
import { CreatePublication } from './create-publication.js';
import { DecideGrant } from './decide-grant.js';
import { Enrol } from './enrol.js';
import { Fulfil } from './fulfil.js';
import { GrantOnce } from './grant-once.js';
import { Join } from './join.js';
import { Leave } from './leave.js';
import { NextReward } from './next-reward.js';
import { Owe } from './owe.js';
import { ReadHub } from './read-hub.js';
import { ReadInvitation } from './read-invitation.js';
import { ReadSubscribers } from './read-subscribers.js';
import { RecordClick } from './record-click.js';
import { RequestedMail } from './requested-mail.js';
import { Restock } from './restock.js';
import { SendMails } from './send-mails.js';
import { SettleReferrals } from './settle-referrals.js';
import { Tick } from './tick.js';
import { Tie } from './tie.js';
import { VerifyReferral } from './verify-referral.js';

/** Called by the edges. */
const ENTRANCES = [
  AddMilestone, ChangeSubscriber, Confirm, CreateApiKey, CreatePublication, DecideGrant, Fulfil, Join, Leave, NextReward, ReadHub, ReadInvitation,
  ReadSubscribers, RecordClick, RequestedMail, Restock, SendMails, SettleReferrals, Tick,
]; // prettier-ignore
/** Steps of other flows, inside their transactions. */
const STEPS = [Activate, Award, ChangeReferral, Enrol, GrantOnce, Owe, Tie, VerifyReferral];

@Module({ imports: [ClicksModule, MailModule], providers: [...ENTRANCES, ...STEPS], exports: ENTRANCES })
export class FlowsModule {}
