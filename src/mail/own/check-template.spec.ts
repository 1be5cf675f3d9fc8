import { describe, expect, it } from 'vitest';
import { LOCALES } from '../../platform/templates.js';
import { type MessageName, MESSAGES } from '../messages.js';
import { sampleMails } from '../samples/sample-mails.js';
import { renderMail } from '../render.js';
import { builtInTexts } from './built-in.js';
import { checkTemplate, mayBeOwn } from './check-template.js';
import type { TemplateTexts } from './problem.js';
import { renderOwn } from './render-own.js';

const own = (Object.keys(MESSAGES) as MessageName[]).filter(mayBeOwn);

describe('what comes with the product', () => {
  it.each(own.flatMap((message) => LOCALES.map((locale) => [message, locale] as const)))(
    '%s in %s passes the checks, and comes out as before',
    (message, locale) => {
      const texts = builtInTexts(message, locale);
      expect(checkTemplate(message, locale, texts)).toEqual([]);
      for (const data of Object.values(sampleMails(locale)[message])) {
        const [before, after] = [renderMail(message, locale, data), renderOwn(message, locale, data, texts)];
        expect(after.subject).toBe(before.subject);
        expect(words(after.text)).toBe(words(before.text));
        expect(sheetOf(after.html)).toBe(sheetOf(before.html));
        expect(after.html.slice(after.html.lastIndexOf('<table'))).toContain(footOf(before.html));
      }
    },
  );
});

const good: TemplateTexts = {
  subject: 'Join {{publication.name}}',
  html: '<p>Press:</p>\n{{> button url=confirmUrl label="Yes"}}',
  text: 'Press:\n{{confirmUrl}}',
};
const problems = (changes: Partial<TemplateTexts>, message: MessageName = 'confirm') =>
  checkTemplate(message, 'en', { ...good, ...changes }).map(
    ({ field, line, column, message: said }) => `${field} ${line}:${column} ${said}`,
  );

describe('a template', () => {
  it('is taken, in any part that is in order', () => {
    expect(problems({})).toEqual([]);
    expect(problems({ html: '<h1>Hi</h1><p>a &lt; b <a href="{{confirmUrl}}">yes</a><br></p>' })).toEqual([]);
    expect(problems({ html: '<p>{{#if validDays}}<b>x</b>{{else}}y{{/if}} {{confirmUrl}}</p>' })).toEqual([]);
  });

  it.each<[string, Partial<TemplateTexts>, string]>([
    ['braces that are left open', { html: '<p>\n {{confirmUrl</p>' }, 'html 2:4 braces or a block'],
    ['a block that is left open', { text: 'a\n{{#if validDays}}' }, 'text 2:18 braces or a block'],
    ['a block closed by another', { text: 'a\n{{#if validDays}}\n{{/unless}}' }, "text 2:4 if doesn't match unless"],
    ['three braces', { html: '<p>a</p>\n<p>{{{confirmUrl}}}</p>' }, 'html 2:4 {{{ is not allowed'],
    ['the other unescaped form', { html: '{{&confirmUrl}}' }, 'html 1:1 {{& is not allowed'],
    ['a raw block', { text: '{{{{if validDays}}}}{{{{/if}}}}' }, 'text 1:1 {{{ is not allowed'],
    ['an unknown name', { text: 'Dear {{ firstName }}' }, 'text 1:9 there is no firstName in this mail'],
    ['a name of the prototype', { text: '{{constructor.name}}' }, 'text 1:3 there is no constructor.name'],
    ['a parent', { text: '{{#if validDays}}{{../validDays}}{{/if}}' }, 'text 1:20 there is no ../validDays'],
    ['the root', { text: '{{@root.confirmUrl}}' }, 'text 1:3 there is no @root'],
    ['this', { text: '{{this}}' }, 'text 1:3 there is no this'],
    ['this.name', { text: '{{this.confirmUrl}}' }, 'text 1:3 there is no this'],
    ['a group', { text: '{{publication}}' }, 'text 1:1 publication cannot be written as it is'],
    ['a helper of ours that is not for it', { text: '{{local "confirm-foot"}}' }, 'text 1:1 local cannot be called'],
    ['look-up', { text: '{{lookup publication "name"}}' }, 'text 1:1 lookup cannot be called'],
    ['log', { text: '{{log "x"}}' }, 'text 1:1 log cannot be called'],
    ['another block', { text: '{{#with publication}}x{{/with}}' }, 'text 1:1 {{#with}} is not allowed'],
    ['a block over a group', { text: '{{#publication}}x{{/publication}}' }, 'text 1:1 {{#publication}} is not allowed'],
    ['each without a list', { text: '{{#each publication as |x|}}{{/each}}' }, 'text 1:1 publication is no list'],
    ['a partial of theirs', { html: '{{> layout}}' }, 'html 1:1 {{> layout}} is not allowed'],
    ['a partial by a call', { html: '{{> (concat "lay" "out")}}' }, 'html 1:1 {{> }} is not allowed'],
    ['a partial in text', { text: '{{> button url=confirmUrl label="x"}}' }, 'text 1:1 {{> button}} is not allowed'],
    ['an inline partial', { html: '{{#*inline "button"}}x{{/inline}}' }, 'html 1:1 decorators are not allowed'],
    ['a button to a script', { html: '{{> button url="javascript:x" label="y"}}' }, 'html 1:16 url must be'],
    ['a button without a label', { html: '{{> button url=confirmUrl}}' }, 'html 1:1 {{> button}} must be told'],
    ['a script', { html: '<p>\n<script>x</script></p>' }, 'html 2:1 <script> is not allowed'],
    ['a style element', { html: '<style>p{}</style>' }, 'html 1:1 <style> is not allowed'],
    ['a form', { html: '<form></form>' }, 'html 1:1 <form> is not allowed'],
    ['a comment', { html: '<!-- x -->' }, 'html 1:1 a tag that cannot be read'],
    ['a handler', { html: '<p onclick="x">a</p>' }, 'html 1:4 <p> may have no onclick'],
    ['a value without quotes', { html: '<a href={{confirmUrl}}>a</a>' }, 'html 1:1 a tag that cannot be read'],
    [
      'a link that is put together',
      { html: '<a href="https://{{publication.name}}">a</a>' },
      'html 1:4 href must be one',
    ],
    ['a link to what is no address', { html: '<a href="{{publication.name}}">a</a>' }, 'html 1:4 href must be one'],
    ['a link to a script', { html: '<a href="javascript:alert(1)">a</a>' }, 'html 1:4 href must be one'],
    [
      'a style that varies',
      { html: '<p style="color: {{publication.name}}">a</p>' },
      'html 1:4 style must be the same',
    ],
    ['a style that fetches', { html: '<p style="background: url(//x)">a</p>' }, 'html 1:4 style may fetch nothing'],
    ['a picture without alt', { html: '<img src="https://a.example/b.png">' }, 'html 1:1 <img> needs an alt text'],
    ['what is left open', { html: '<p>a</p>\n<div>b' }, 'html 2:1 <div> is not closed'],
    ['what closes the layout', { html: '</td></tr></table>' }, 'html 1:1 </td> closes nothing'],
    ['what a block opens', { html: '{{#if validDays}}<p>{{/if}}</p>' }, 'html 1:18 <p> must be closed in the block'],
    ['what a block closes', { html: '<p>{{#if validDays}}</p>{{/if}}' }, 'html 1:21 </p> closes nothing'],
    [
      'a block in a tag',
      { html: '<p title="{{#if validDays}}x{{/if}}">a</p>' },
      'html 1:11 a block must not stand inside a tag',
    ],
    ['no link in the HTML', { html: '<p>Hello</p>' }, 'html 1:1 {{confirmUrl}} must be in it'],
    ['no link in the text', { text: 'Hello' }, 'text 1:1 {{confirmUrl}} must be in it'],
    ['two lines of subject', { subject: 'a\nBcc: b@c.example' }, 'subject 1:1 must be one line'],
    ['no subject', { subject: ' ' }, 'subject 1:1 must not be empty'],
    ['a subject that comes out empty', { subject: '{{#unless validDays}}x{{/unless}}' }, 'subject 1:1 it is empty'],
    ['a control character', { text: 'a\u0000{{confirmUrl}}' }, 'text 1:1 must not hold control'],
    ['too much', { html: 'x'.repeat(90_001) }, 'html 1:1 must have at most 90000'],
    ['what becomes too much', { html: '<p>{{confirmUrl}}</p>'.repeat(3_000) }, 'html 1:1 the mail becomes larger'],
    ['blocks without end', { text: '{{#if validDays}}'.repeat(1_500) + '{{/if}}'.repeat(1_500) }, 'text 1:'],
    ['calls without end', { text: `{{concat ${'(concat '.repeat(60)}"x"${')'.repeat(60)}}}` }, 'text 1:'],
  ])('is refused for %s', (_, changes, expected) => {
    expect(problems(changes)[0]).toContain(expected);
  });

  it('must ask for what not every mail has', () => {
    const welcome = { subject: 'Hi', html: '<p>{{shareUrl}}</p>', text: '{{shareUrl}} {{next.reward}}' };
    expect(problems(welcome, 'welcome')[0]).toContain('text 1:16 reward is not in every mail');
    expect(problems({ ...welcome, text: '{{shareUrl}}{{#if next}}{{next.reward}}{{/if}}' }, 'welcome')).toEqual([]);
  });

  it('of a reward must show its code, where it has one', () => {
    const reward = { subject: 'Hi', html: '<p>{{reward.name}} {{reward.url}}</p>', text: '{{reward.url}}' };
    expect(problems(reward, 'reward')).toEqual([
      expect.stringContaining('html 1:1 {{reward.code}} must be in it'),
      expect.stringContaining('text 1:1 {{reward.code}} must be in it'),
    ]);
  });
});

describe('a mail in their own words', () => {
  const data = { ...sampleMails('en').welcome.ladder!, firstName: 'Ana <b>', shareUrl: 'https://a.example/?a=1&b=2' };
  const texts = {
    subject: 'For {{publication.name}}\t!',
    html: '<p>{{publication.name}} {{shareUrl}}</p>',
    text: 'x\n\n\n\n{{shareUrl}}',
  };

  it('has our head, foot and styles; what it tells is escaped in HTML alone', () => {
    const { subject, html, text } = renderOwn(
      'welcome',
      'en',
      { ...data, publication: { name: 'A & <b>', postalAddress: 'Mill 1' } },
      texts,
    );
    expect(subject).toBe('For A & <b> !');
    expect(html).toContain('A &amp; &lt;b&gt; https://a.example/?a&#x3D;1&amp;b&#x3D;2</p>'.replaceAll('&#x3D;', '='));
    expect(html).toMatch(/<p class="m-p" style="[^"]*font-size: 16px/);
    expect(html).toContain('href="https://share.loaf.example/unsubscribe/TOKEN"');
    expect(text).toContain('x\n\nhttps://a.example/?a=1&b=2\n\n-- \n');
    expect(text).toContain('https://share.loaf.example/unsubscribe/TOKEN');
  });
});

function words(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** What stands on the sheet, without the space between tags. */
function sheetOf(html: string): string {
  const [, sheet = ''] =
    /<td class="m-sheet"[^>]*>(.*)<td align="left" style="padding: 20px 4px 4px;">/s.exec(html) ?? [];
  return words(sheet.replace(/>\s+</g, '><'));
}

function footOf(html: string): string {
  return /<p class="m-foot".*?<\/p>/s.exec(html)?.[0] ?? 'no foot';
}
