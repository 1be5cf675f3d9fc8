import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { FlowsModule } from '../flows/flows.module.js';
import { MailModule } from '../mail/mail.module.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { Jobs } from './jobs.js';

@Module({ imports: [ScheduleModule.forRoot(), FlowsModule, MailModule, WebhooksModule], providers: [Jobs] })
export class JobsModule {}
