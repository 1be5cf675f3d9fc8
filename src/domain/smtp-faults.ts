/** A mail that an SMTP server did not take, or not visibly. */
export type SmtpFault = {
  /**
   * How far the conversation had come. `connect`: no greeting yet; `greeting`: the greeting or EHLO; `data`: at DATA, before
   * a 354; `after_data`: after a 354, so the server may have the mail (nodemailer alone cannot tell these two apart).
   */
  stage: 'connect' | 'greeting' | 'auth' | 'mail' | 'rcpt' | 'data' | 'after_data';
  /** Three digits of the reply; absent when the connection broke or fell silent. */
  replyCode?: number;
  /** RFC 3463, e.g. `5.1.1`; where absent it is looked for in the message. */
  enhancedCode?: string;
  /** The server's words. */
  message?: string;
};

export type FaultVerdict = {
  /**
   * `retry_mail`: this mail again, later. `pause_transport`: stop sending altogether for a back-off step; the mail waits.
   * `bounce_address`: the address does not exist. `dead`: this mail will never be taken. `uncertain`: it may have been taken;
   * one retry after `UNCERTAIN_RETRY_MS` with the same Message-ID, then a person decides.
   */
  act: 'retry_mail' | 'pause_transport' | 'bounce_address' | 'dead' | 'uncertain';
  /** A person should hear of it: nothing gets better by waiting. */
  alert: boolean;
  /**
   * Whether this was one of the mail's 8 tries. A server that is away uses none up; a refusal on behalf of this mail does,
   * also when it pauses the transport, or one mail that a policy hates would pause all others for ever.
   */
  usesTry: boolean;
};

const BEFORE_ANY_MAIL: ReadonlySet<SmtpFault['stage']> = new Set(['connect', 'greeting', 'auth']);

const RETRY: FaultVerdict = { act: 'retry_mail', alert: false, usesTry: true };
const DEAD: FaultVerdict = { act: 'dead', alert: true, usesTry: true };
const BOUNCE: FaultVerdict = { act: 'bounce_address', alert: false, usesTry: true };
const UNCERTAIN: FaultVerdict = { act: 'uncertain', alert: false, usesTry: true };
const SERVER_AWAY: FaultVerdict = { act: 'pause_transport', alert: false, usesTry: false };
const WE_ARE_REFUSED: FaultVerdict = { act: 'pause_transport', alert: true, usesTry: false };
const MAIL_AGAINST_POLICY: FaultVerdict = { act: 'pause_transport', alert: true, usesTry: true };

// RFC 3463 and its IANA registry. 1.1 no such mailbox, 1.2 no such system, 1.3 bad syntax, 1.6 moved, 1.10 null MX, 2.1 disabled.
const NO_SUCH_ADDRESS = new Set(['5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10', '5.2.1']);
// 1.7 and 1.8 the sender's address, 1.9 its MX (RFC 7505 says 7.27).
const BAD_SENDER = new Set(['5.1.7', '5.1.8', '5.1.9']);
// A login is asked for, or was lost on the way (RFC 4954 6).
const LOGIN_WANTED = new Set([530, 535, 538]);
const TOO_BIG = new Set(['5.2.3', '5.3.4']);
// Full today, empty tomorrow: the person is there.
const MAILBOX_FULL = '5.2.2';
// RFC 7372 (DKIM, SPF, reverse DNS) and what Gmail adds up to 5.7.29: about all our mails, not about this text.
const SENDER_AUTHENTICATION = /^5\.7\.2\d$/;

const POLICY_WORDS =
  /\b(?:relay\w*|policy|spam\w*|blocked|black\s?list\w*|block\s?list\w*|listed|reputation|denied|authenticat\w*|authoriz\w*|authoris\w*|not permitted|not allowed|spf|dkim|dmarc|rate|too many)\b/i;
const SENDER_WORDS = /\bsender\b/i;

/**
 * What to do after a failed hand-over: hazards, "Mail and webhooks out", with rules 7 and 8. Decided by the reply code's
 * class first, then by the stage, then by the enhanced code; words count only where a server gives no enhanced code.
 */
export function classifySmtpFault(f: SmtpFault): FaultVerdict {
  const code = f.replyCode;
  if (code === undefined || code < 400) return f.stage === 'after_data' ? UNCERTAIN : SERVER_AWAY;
  // Said before any mail was spoken of: about us or the server, whatever the class.
  if (BEFORE_ANY_MAIL.has(f.stage)) return WE_ARE_REFUSED;
  if (code < 500) return RETRY;
  if (LOGIN_WANTED.has(code)) return WE_ARE_REFUSED;

  const words = f.message ?? '';
  const enhanced = f.enhancedCode ?? enhancedCodeIn(words);
  if (enhanced !== null && TOO_BIG.has(enhanced)) return DEAD;
  if (enhanced === MAILBOX_FULL) return RETRY;
  if (f.stage === 'mail') return refusedAtMail(enhanced, words);
  if (f.stage === 'rcpt') return refusedAtRcpt(code, enhanced, words);
  return refusedAtData(enhanced);
}

/** Rule 8 where the reply is about our sender; anything else at MAIL is about this mail (its size, its parameters). */
function refusedAtMail(enhanced: string | null, words: string): FaultVerdict {
  const aboutUs =
    enhanced === null
      ? POLICY_WORDS.test(words) || SENDER_WORDS.test(words)
      : enhanced.startsWith('5.7.') || BAD_SENDER.has(enhanced);
  return aboutUs ? MAIL_AGAINST_POLICY : DEAD;
}

function refusedAtRcpt(code: number, enhanced: string | null, words: string): FaultVerdict {
  if (enhanced !== null) {
    if (enhanced.startsWith('5.7.') || BAD_SENDER.has(enhanced)) return MAIL_AGAINST_POLICY;
    return NO_SUCH_ADDRESS.has(enhanced) ? BOUNCE : DEAD;
  }
  if (POLICY_WORDS.test(words) || SENDER_WORDS.test(words)) return MAIL_AGAINST_POLICY;
  // RFC 5321 4.2.3: 550 mailbox unavailable, 551 not local, 553 name not allowed. 554 says nothing of the mailbox.
  return code === 550 || code === 551 || code === 553 ? BOUNCE : DEAD;
}

/** What a server says of the whole mail is about its text, unless the code says otherwise. */
function refusedAtData(enhanced: string | null): FaultVerdict {
  if (enhanced === null) return DEAD;
  if (SENDER_AUTHENTICATION.test(enhanced)) return MAIL_AGAINST_POLICY;
  return NO_SUCH_ADDRESS.has(enhanced) ? BOUNCE : DEAD;
}

/** The enhanced code in a server's words; not a piece of an IP address. */
function enhancedCodeIn(message: string): string | null {
  return message.match(/(?<![\d.])5\.\d{1,3}\.\d{1,3}(?![\d.]*\d)/)?.[0] ?? null;
}
