import type { MailState, ShownMail } from '../../mail/stopped-mail.store.js';

export interface OutboxView {
  state: MailState;
  tabs: { state: MailState; count: number | null; current: boolean }[];
  /** How many gave up, or of which nobody knows whether they arrived. */
  stopped: number;
  mails: (ShownMail & { named: string | null })[];
  mayAct: boolean;
  older: string | null;
}
