import { Module } from '@nestjs/common';
import { FlowsModule } from '../flows/flows.module.js';
import { MailModule } from '../mail/mail.module.js';
import { ApiKeysController } from './api/api-keys.controller.js';
import { ContentsController } from './api/contents.controller.js';
import { FraudDryRunController } from './api/fraud-dry-run.controller.js';
import { FraudListsController } from './api/fraud-lists.controller.js';
import { GrantsController } from './api/grants.controller.js';
import { ImportsController } from './api/imports.controller.js';
import { LeadsController } from './api/leads.controller.js';
import { ProgramsController } from './api/programs.controller.js';
import { PublicationsController } from './api/publications.controller.js';
import { ReferralsController } from './api/referrals.controller.js';
import { ReportsController } from './api/reports.controller.js';
import { RewardsController } from './api/rewards.controller.js';
import { SubscriberAnswers } from './api/subscriber-answer.js';
import { SubscriberExportController } from './api/subscriber-export.controller.js';
import { SubscribersController } from './api/subscribers.controller.js';
import { WebhooksController } from './api/webhooks.controller.js';
import { DevController } from './dev/dev.controller.js';
import { ApiDocument, DocsController } from './docs.controller.js';
import { ConfirmController } from './public/confirm.controller.js';
import { FooterController } from './public/footer.controller.js';
import { HubController } from './public/hub.controller.js';
import { JoinController } from './public/join.controller.js';
import { PublicationPages } from './public/publication-page.js';
import { FormTime } from './public/form-time.js';
import { ReaderCookie } from './public/reader-cookie.js';
import { ShareLinkController } from './public/share-link.controller.js';
import { SignupCookie } from './public/signup-cookie.js';
import { UnsubscribeController } from './public/unsubscribe.controller.js';
import { VitalsModule } from './vitals.module.js';

const API = [
  PublicationsController, ApiKeysController, ContentsController, SubscribersController, ProgramsController, RewardsController,
  GrantsController, ReferralsController, LeadsController, ReportsController, WebhooksController, ImportsController, SubscriberExportController,
  FraudListsController, FraudDryRunController,
]; // prettier-ignore
const PUBLIC = [
  ShareLinkController,
  JoinController,
  ConfirmController,
  UnsubscribeController,
  HubController,
  FooterController,
  DocsController,
  DevController,
];

@Module({
  imports: [FlowsModule, MailModule, VitalsModule],
  controllers: [...API, ...PUBLIC],
  providers: [
    SubscriberAnswers, PublicationPages, FormTime, ReaderCookie, SignupCookie, ApiDocument,
  ], // prettier-ignore
})
export class HttpModule {}
