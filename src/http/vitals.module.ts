import { Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { FlowsModule } from '../flows/flows.module.js';
import { MailModule } from '../mail/mail.module.js';
import { ErrorPages } from './error-pages.js';
import { ErrorsFilter } from './errors.filter.js';
import { HealthController } from './health.controller.js';
import { InputPipe } from './input.pipe.js';
import { MetricsController } from './metrics.controller.js';
import { Metrics } from './metrics.js';
import { StaffCookie } from './staff/staff-cookie.js';
import { StaffErrorPages } from './staff/staff-error-pages.js';
import { StaffPages } from './staff/staff-pages.js';

/** What every process answers, also one that is only a worker: how it is. */
@Module({
  imports: [FlowsModule, MailModule],
  controllers: [HealthController, MetricsController],
  providers: [
    Metrics, ErrorPages, StaffErrorPages, StaffPages, StaffCookie,
    { provide: APP_PIPE, useFactory: () => new InputPipe() },
    { provide: APP_FILTER, useClass: ErrorsFilter },
  ], // prettier-ignore
  exports: [ErrorPages, StaffPages, StaffCookie],
})
export class VitalsModule {}
