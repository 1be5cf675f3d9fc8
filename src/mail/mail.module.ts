import { Module } from '@nestjs/common';
import { CONFIG, type Config } from '../platform/config.js';
import { MailWorker } from './mail.worker.js';
import { Pacer } from './pacer.js';
import { SmtpTransport } from './smtp-transport.js';
import { BuiltInMailbox, MAIL_TRANSPORT, type MailTransport } from './transport.js';

function chooseTransport(config: Config): MailTransport | null {
  if (config.smtpUrl !== null) return new SmtpTransport(config.smtpUrl, config.dkim);
  return config.devTools ? new BuiltInMailbox() : null;
}

@Module({
  providers: [MailWorker, Pacer, { provide: MAIL_TRANSPORT, useFactory: chooseTransport, inject: [CONFIG] }],
  exports: [MailWorker],
})
export class MailModule {}
