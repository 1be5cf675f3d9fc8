import { describe, expect, it } from 'vitest';
import { sampleMails } from './samples/sample-mails.js';
import { isProgramMail } from '../domain/program-mails.js';
import { LOCALES } from '../platform/templates.js';
import { type MailData, type MessageName, MESSAGES } from './messages.js';
import { renderMail } from './render.js';

const all = LOCALES.flatMap((locale) =>
  Object.entries(sampleMails(locale)).flatMap(([message, variants]) =>
    Object.entries(variants).map(([variant, data]) => ({
      locale,
      message: message as MessageName,
      variant,
      data: data as MailData[MessageName],
    })),
  ),
);
const reward = sampleMails('en').reward;

describe('every mail', () => {
  it('has samples', () => {
    expect(Object.keys(sampleMails('en')).sort()).toEqual(Object.keys(MESSAGES).sort());
  });

  it.each(all)('$message ($variant) renders in $locale', ({ message, locale, data }) => {
    const { subject, html, text } = renderMail(message, locale, data);
    for (const part of [subject, html, text]) expect(part).not.toMatch(/undefined|\[object|NaN|\{\{|\bnull\b/);
    expect(subject).toMatch(/^\S.*\S$/);
    expect(html).toContain(`lang="${locale}"`);
    expect(html).toContain('<title>');
    expect(text).toMatch(/\n-- \n/); // the mark by which mail programs know a signature
    expect(text).not.toMatch(/\n{4}|Subject:/);
  });

  it.each(all)(
    '$message ($variant, $locale) can be left from, unless nobody has joined yet',
    ({ message, locale, data }) => {
      const { html, text } = renderMail(message, locale, data);
      const url = 'https://share.loaf.example/unsubscribe/TOKEN';
      if (isProgramMail(message)) expect(html).toContain(`href="${url}/program-mails"`);
      expect(html.includes(`href="${url}"`)).toBe(MESSAGES[message].listUnsubscribe);
      expect(text.includes(url)).toBe(MESSAGES[message].listUnsubscribe);
    },
  );

  it.each(all)('$message ($variant, $locale) says in text which links it has', ({ message, locale, data }) => {
    const { html, text } = renderMail(message, locale, data);
    for (const [, url] of html.matchAll(/href="([^"]+)"/g)) expect(text).toContain(url);
  });

  it.each(all)(
    '$message ($variant, $locale) is styled for programs that drop style elements, and stays dark in the dark',
    ({ message, locale, data }) => {
      const { html } = renderMail(message, locale, data);
      expect(html.match(/<style/g)).toHaveLength(1);
      expect(html).toMatch(/<h1 class="m-h" style="[^"]*font-size: 28px/);
      expect(html).toContain('prefers-color-scheme: dark');
      expect(html).toContain('[data-ogsc] .m-sheet');
      expect(html).toContain('<!--[if mso]>');
      expect(html).not.toMatch(/<link|<script|<img/);
    },
  );
});

describe('what strangers wrote', () => {
  const names = [
    '<script>alert(1)</script>',
    '"><a href="//evil.example">',
    'Ana\r\nBcc: x@evil.example',
    'see evil.com',
    `${'A'.repeat(39)}\u202e`,
    'a@b',
    '{{hubUrl}}<b>',
  ];

  it.each(names)('the name %j is left out or harmless', (firstName) => {
    const { subject, html, text } = renderMail('welcome', 'en', { ...sampleMails('en').welcome.ladder!, firstName });
    expect(outsideAttributes(html)).not.toMatch(/<script|evil|<b>|\u202e/);
    expect(`${subject}${text}`).not.toMatch(/evil|\r|\u202e/);
  });

  it('a name is greeted, and stays what it is in plain text', () => {
    const { html, text } = renderMail('welcome', 'en', {
      ...sampleMails('en').welcome.ladder!,
      firstName: `O'Neil & Co`,
    });
    expect(text).toContain(`O'Neil & Co, The Weekly Loaf comes`);
    expect(html).toContain('&amp; Co, The Weekly Loaf comes');
  });

  it('the confirm mail carries nothing of them', () => {
    const rendered = renderMail('confirm', 'en', {
      ...sampleMails('en').confirm.plain!,
      ...{ firstName: 'Ana', referrerName: 'Ana' },
    });
    expect(JSON.stringify(rendered)).not.toContain('Ana');
  });
});

describe('what staff wrote', () => {
  it('subjects and texts say & and not its entity', () => {
    const { subject, html, text } = renderMail('reward', 'en', reward.coupon!);
    expect(subject).toBe('15 % off at Mill & Stone, for you');
    expect(text).toContain('15 % off at Mill & Stone\n');
    expect(html).toContain('<title>15 % off at Mill &amp; Stone, for you</title>');
  });

  it('cannot begin a header or a line', () => {
    const name = 'Gift\r\nBcc: all@evil.example\n\n<script>\u2028x';
    const { subject, html, text } = renderMail('reward', 'en', {
      ...reward.custom!,
      reward: { kind: 'custom', name, description: null },
    });
    expect(subject).toBe('Gift Bcc: all@evil.example <script> x, for you');
    expect(text).toMatch(/^Gift Bcc: all@evil.example <script> x\n/);
    expect(outsideAttributes(html)).not.toContain('<script');
  });

  it('a template is told what is missing', () => {
    const { unsubscribeUrl, ...less } = sampleMails('en').welcome.ladder!;
    expect(unsubscribeUrl).toContain('unsubscribe');
    expect(() => renderMail('welcome', 'en', less as MailData['welcome'])).toThrow(/unsubscribeUrl/);
  });
});

describe('a reward', () => {
  const html = (name: keyof typeof reward) => renderMail('reward', 'en', reward[name]!).html;

  it('thanks the one who shared, and greets the one who joined', () => {
    expect(html('link')).toContain('Ana, 3 friends read The Weekly Loaf because of you.');
    expect(html('couponAlone')).toContain('1 friend reads The Weekly Loaf because of you.');
    expect(html('friend')).toContain('Ana, this is a welcome gift from The Weekly Loaf');
    expect(html('friend')).not.toContain('/r/k7m2xqd');
  });

  it('says what to do, or that there is nothing to do', () => {
    expect(html('link')).toContain('href="https://loaf.example/guide.pdf"');
    expect(html('coupon')).toContain('LOAF-7Q2M-KX4D');
    expect(html('custom')).toContain('There is nothing for you to do.');
  });

  it('shows the way to the next one as beads, a long way as a bar', () => {
    expect(html('link').match(/class="m-dot m-bead"/g)).toHaveLength(3);
    expect(html('link').match(/class="m-dot m-bead-open"/g)).toHaveLength(2);
    expect(html('coupon')).toContain('width="13%"');
    expect(html('couponAlone')).not.toContain('Next:');
  });
});

/** Inside quotes an HTML serializer leaves `<` as it is, which is no markup. */
function outsideAttributes(html: string): string {
  return html.replace(/="[^"]*"/g, '');
}
