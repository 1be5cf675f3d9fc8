import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classifySmtpFault, type SmtpFault } from './smtp-faults.js';

const stages = ['connect', 'greeting', 'auth', 'mail', 'rcpt', 'data', 'after_data'] as const;
const reply = (stage: SmtpFault['stage'], replyCode?: number, enhancedCode?: string, message?: string): SmtpFault => ({
  stage,
  ...(replyCode && { replyCode }),
  ...(enhancedCode && { enhancedCode }),
  ...(message && { message }),
});

const retry = { act: 'retry_mail', alert: false, usesTry: true };
const dead = { act: 'dead', alert: true, usesTry: true };
const bounce = { act: 'bounce_address', alert: false, usesTry: true };
const uncertain = { act: 'uncertain', alert: false, usesTry: true };
const away = { act: 'pause_transport', alert: false, usesTry: false };
const refused = { act: 'pause_transport', alert: true, usesTry: false };
const policy = { act: 'pause_transport', alert: true, usesTry: true };

describe('the table of hazards', () => {
  it.each<[string, SmtpFault, object]>([
    ['no connection', reply('connect', undefined, undefined, 'connect ECONNREFUSED 127.0.0.1:25'), away],
    ['no greeting', reply('greeting'), away],
    ['drop at login', reply('auth'), away],
    ['drop at MAIL', reply('mail'), away],
    ['drop at RCPT', reply('rcpt'), away],
    ['drop at DATA, before 354', reply('data'), away],
    ['421 greeting', reply('greeting', 421), refused],
    ['554 greeting', reply('greeting', 554, undefined, '554 No SMTP service here'), refused],
    ['550 to EHLO', reply('connect', 550), refused],
    ['login refused', reply('auth', 535, '5.7.8'), refused],
    ['login refused for now', reply('auth', 454, '4.7.0'), refused],
    ['greylisted', reply('rcpt', 451, '4.7.1'), retry],
    ['mailbox busy', reply('rcpt', 450, '4.2.1'), retry],
    ['over quota for now', reply('rcpt', 452, '4.2.2'), retry],
    ['421 in the middle', reply('mail', 421, '4.3.2'), retry],
    ['4xx at DATA', reply('data', 451), retry],
    ['4xx after the final dot: a reply, so not stored', reply('after_data', 451, '4.3.0'), retry],
    ['no such user', reply('rcpt', 550, '5.1.1'), bounce],
    ['no such domain', reply('rcpt', 550, '5.1.2'), bounce],
    ['null MX', reply('rcpt', 556, '5.1.10'), bounce],
    ['mailbox disabled', reply('rcpt', 550, '5.2.1'), bounce],
    ['mailbox full, said with a 5', reply('rcpt', 552, '5.2.2'), retry],
    ['policy', reply('rcpt', 550, '5.7.1'), policy],
    ['policy, any of them', reply('rcpt', 550, '5.7.606'), policy],
    ['sender refused only at RCPT', reply('rcpt', 550, '5.1.8'), policy],
    ['something else at RCPT', reply('rcpt', 550, '5.5.0'), dead],
    ['5xx at MAIL', reply('mail', 550), dead],
    ['size at MAIL', reply('mail', 552, '5.3.4'), dead],
    ['parameters at MAIL', reply('mail', 555, '5.5.4'), dead],
    ['our sender at MAIL', reply('mail', 550, '5.7.1'), policy],
    ['our sender at MAIL, by its address', reply('mail', 553, '5.1.8'), policy],
    ['login asked for at MAIL', reply('mail', 530, '5.7.0'), refused],
    ['login asked for at RCPT', reply('rcpt', 530), refused],
    ['size at DATA', reply('after_data', 552, '5.3.4'), dead],
    ['the text is refused', reply('after_data', 554, '5.7.1'), dead],
    ['our domain is not authenticated', reply('after_data', 550, '5.7.26'), policy],
    ['no such user, told late', reply('after_data', 550, '5.1.1'), bounce],
    ['drop after the final dot', reply('after_data'), uncertain],
    ['a 250 that got lost on our side', reply('after_data', 250), uncertain],
    ['a 354 and silence', reply('data', 354), away],
  ])('%s', (_, fault, expected) => {
    expect(classifySmtpFault(fault)).toEqual(expected);
  });
});

describe('servers without enhanced codes', () => {
  it.each<[string, number, string, object]>([
    ['code in the words', 550, '550-5.1.1 The email account does not exist', bounce],
    ['policy code in the words', 550, '550 5.7.1 Unable to relay', policy],
    ['user unknown', 550, '550 User unknown', bounce],
    ['mailbox unavailable', 550, 'Requested action not taken: mailbox unavailable', bounce],
    ['nothing said', 550, '', bounce],
    ['not local', 551, 'User not local', bounce],
    ['name not allowed by syntax', 553, 'mailbox name invalid', bounce],
    ['relaying', 550, '550 Relaying denied', policy],
    ['a blocklist', 554, '554 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org', policy],
    ['an IP address is no code', 550, 'host 5.1.1.9 said: no such user', bounce],
    ['an IP address is no policy code', 554, 'no thanks, 5.7.1.2', dead],
    ['nor is the end of one', 554, 'client 10.5.1.1 is not welcome', dead],
    ['554 and nothing', 554, '', dead],
    ['sender', 550, '550 Sender verify failed', policy],
  ])('%s', (_, code, words, expected) => {
    expect(classifySmtpFault(reply('rcpt', code, undefined, words))).toEqual(expected);
  });

  it('sender refused at MAIL', () => {
    expect(classifySmtpFault(reply('mail', 553, undefined, '553 sender address rejected'))).toEqual(policy);
  });

  it('an enhanced code silences the words', () => {
    expect(classifySmtpFault(reply('rcpt', 550, '5.1.1', 'blocked by policy'))).toEqual(bounce);
  });
});

describe('rules', () => {
  const fault = fc.record({
    stage: fc.constantFrom(...stages),
    replyCode: fc.option(fc.integer({ min: 400, max: 599 }), { nil: undefined }),
    enhancedCode: fc.option(
      fc.tuple(fc.constantFrom(4, 5), fc.nat(9), fc.nat(30)).map((n) => n.join('.')),
      { nil: undefined },
    ),
    message: fc.option(fc.string(), { nil: undefined }),
  }) as fc.Arbitrary<SmtpFault>;

  it('7: uncertain is exactly "no reply after the data"', () => {
    fc.assert(
      fc.property(
        fault,
        (f) => (classifySmtpFault(f).act === 'uncertain') === (f.stage === 'after_data' && f.replyCode === undefined),
      ),
    );
  });

  it("8: before RCPT nothing is a reader's bounce, and a 5xx there always alerts", () => {
    fc.assert(
      fc.property(fault, (f) => {
        fc.pre(!['rcpt', 'data', 'after_data'].includes(f.stage));
        const verdict = classifySmtpFault(f);
        expect(verdict.act).not.toBe('bounce_address');
        if ((f.replyCode ?? 0) >= 500 && f.enhancedCode !== '5.2.2') expect(verdict.alert).toBe(true);
      }),
    );
  });

  it('without a reply nothing dies, bounces or uses up a try before the data', () => {
    fc.assert(
      fc.property(fault, (f) => {
        fc.pre(f.replyCode === undefined && f.stage !== 'after_data');
        expect(classifySmtpFault(f)).toEqual(away);
      }),
    );
  });

  it('a 4xx never kills or bounces', () => {
    fc.assert(
      fc.property(fault, (f) => {
        fc.pre(f.replyCode !== undefined && f.replyCode < 500);
        expect(['retry_mail', 'pause_transport']).toContain(classifySmtpFault(f).act);
      }),
    );
  });
});
