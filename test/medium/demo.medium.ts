import 'reflect-metadata';
import { readFileSync, statSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AppModule } from '../../src/app.module.js';
import { demoHubUrl, demoKeyFile, fillDemo } from '../../src/cli/demo.js';
import { CONTENTS, LADDER, type ReaderName, READERS } from '../../src/cli/demo/cast.js';
import { ARRIVALS, steps } from '../../src/cli/demo/story.js';
import { isProgramMail } from '../../src/domain/program-mails.js';
import { createServer } from '../../src/http/server.js';
import type { Foundation } from '../../src/platform/platform.module.js';
import { openDatabase } from '../support/database.js';
import { demoGround, tally } from '../support/demo.js';

const { config, count, empty, foundation, killTheFillInTheMiddle, query } = await demoGround();

const NOON = new Date('2026-11-21T12:00:00Z');

/** Who of those that came through a link does not count, although they confirmed or had before. */
const REFUSED: Partial<Record<ReaderName, string>> = {
  anaAgain: 'alias_of_referrer',
  max: 'disposable_domain',
  tom: 'already_subscribed',
};
const COUNTED = ARRIVALS.filter(
  ({ who, through, confirmsAfter }) => through && confirmsAfter !== null && !REFUSED[who],
);

const warnings: string[] = [];
const onWarning = ({ message }: Error) => void warnings.push(message);

beforeAll(() => void process.on('warning', onWarning));
afterAll(() => void process.off('warning', onWarning));
beforeEach(empty);

interface Referral {
  email: string;
  state: string;
  reasons: { code: string }[];
  by_click: boolean;
  made: number;
  verified: number | null;
}

/** All that a person would notice, with times as minutes before the midnight that ends the story. */
async function snapshot(now: Date) {
  const end = now.toISOString().slice(0, 10);
  const minute = (column: string) =>
    `(extract(epoch from ${column} - '${end}'::timestamp at time zone 'UTC') / 60)::int`;
  return {
    readers: await query<{ email: string; code: string }>(
      `select email, first_name, locale, s.status, code, attributes, ${minute('s.created_at')} joined, ${minute('confirmed_at')} confirmed
       from subscribers s join participants p on p.subscriber_id = s.id join share_codes c on c.participant_id = p.id order by email`,
    ),
    referrals: await query<Referral>(
      `select friend.email, ref.email as through, r.state, r.reasons, r.channel, content.slug, r.click_id is not null as by_click,
         ${minute('r.created_at')} made, ${minute('r.verified_at')} verified
       from referrals r join subscribers friend on friend.id = r.referred_id join participants p on p.id = r.referrer_id
       join subscribers ref on ref.id = p.subscriber_id left join contents content on content.id = r.content_id order by friend.email`,
    ),
    clicks: await query<{ class: string; at: number }>(
      `select class, channel, slug, ${minute('at')} as at from clicks left join contents on contents.id = content_id order by 4, 1, 2, 3`,
    ),
    grants: await query<{ email: string; name: string; status: string }>(
      `select email, w.name, g.status, g.count, c.code, ${minute('g.sent_at')} sent from grants g join subscribers s on s.id = g.subscriber_id
       join rewards w on w.id = g.reward_id left join coupon_codes c on c.grant_id = g.id order by email, w.name`,
    ),
    mails: await query<{ message: string; state: string; sent: number | null }>(
      `select email, message, state, ${minute('sent_at')} sent from mails join subscribers s on s.id = subscriber_id order by 4, 1, 2`,
    ),
    contents: await query(
      `select slug, title, kind, url, ${minute('published_at')} published from contents order by slug`,
    ),
    received: await query(
      `select recipient, subject, ${minute('at')} as at from received_mails order by at, recipient, subject`,
    ),
  };
}

const letters = <Sent extends { message: string }>(mails: Sent[]) =>
  mails.filter(({ message }) => !isProgramMail(message));

describe('the demo', () => {
  it('is what the story says', async () => {
    expect(await fillDemo(foundation, NOON)).toBe(true);
    const { readers, referrals, clicks, grants, mails, contents, received } = await snapshot(NOON);

    expect(readers.map(({ email }) => email)).toEqual(
      Object.values(READERS)
        .map(({ email }) => email)
        .sort(),
    );
    expect(readers).toHaveLength(30);
    expect(contents).toHaveLength(CONTENTS.length);
    expect(
      Object.fromEntries(referrals.map(({ email, state, reasons }) => [email, reasons[0]?.code ?? state])),
    ).toEqual(
      Object.fromEntries(
        ARRIVALS.filter(({ through }) => through).map(({ who, day, confirmsAfter }) => {
          const unconfirmed = day > 14 ? 'expired' : 'pending';
          return [READERS[who].email, REFUSED[who] ?? (confirmsAfter === null ? unconfirmed : 'verified')];
        }),
      ),
    );
    expect(new Set(referrals.map(({ state }) => state))).toEqual(
      new Set(['verified', 'pending', 'rejected', 'expired']),
    );
    expect(referrals.every(({ by_click }) => by_click)).toBe(true);
    expect(tally(clicks.map((click) => click.class))).toEqual(
      tally(
        steps().flatMap((step) => (step.act === 'visit' ? [step.visit.class] : step.act === 'click' ? ['human'] : [])),
      ),
    );
    expect(grants).toHaveLength(COUNTED.length + expectedRungs().length);
    expect(grants.every(({ status }) => status === 'sent')).toBe(true);
    expect(
      grants
        .filter(({ name }) => name !== LADDER[0]!.reward.name)
        .map(({ email, name }) => [email, name])
        .sort(),
    ).toEqual(expectedRungs().sort());
    expect(tally(letters(mails).map(({ message }) => message))).toEqual({
      confirm: 30,
      welcome: new Set(ARRIVALS.filter(({ confirmsAfter }) => confirmsAfter !== null).map(({ who }) => who)).size,
      'hub-link': 1,
      reward: grants.length,
    });
    expect(letters(mails).every(({ state }) => state === 'sent')).toBe(true);
    // Those about sharing keep to the day and to so many a week, and some are still to come.
    const sent = mails.filter(({ state }) => state === 'sent');
    expect(sent.length).toBeGreaterThan(letters(mails).length);
    expect(received).toHaveLength(sent.length);
  });

  it('ends before now, in an order that could have been', async () => {
    await fillDemo(foundation, NOON);
    const { referrals, mails, clicks } = await snapshot(NOON);
    expect(Math.max(...clicks.map(({ at }) => at), ...mails.map(({ sent }) => sent ?? -1))).toBeLessThan(0);
    expect(referrals.every(({ made, verified }) => verified === null || verified > made)).toBe(true);
    expect(await count('clicks c join participants p on p.id = c.participant_id where c.at <= p.created_at')).toBe(0);
    expect(await count('clicks c join contents on contents.id = c.content_id where c.at <= published_at')).toBe(0);
  });

  it('is the same on another day, but for its times and its secrets', async () => {
    await fillDemo(foundation, NOON);
    const [first, firstKey] = [await snapshot(NOON), readFileSync(demoKeyFile(foundation.config), 'utf8')];
    await empty();
    const later = new Date('2027-03-29T00:00:30Z');
    await fillDemo(foundation, later);
    expect(await snapshot(later)).toEqual(first);
    expect(readFileSync(demoKeyFile(foundation.config), 'utf8')).not.toBe(firstKey);
    expect(new Set(first.readers.map(({ code }) => code)).size).toBe(30);
  });

  it('is made once, also by two processes that start together', async () => {
    const results = await Promise.all([fillDemo(foundation), fillDemo(foundation)]);
    expect(results.sort()).toEqual([false, true]);
    expect(await fillDemo(foundation)).toBe(false);
    expect(await count('subscribers')).toBe(30);
  });

  it('is not made beside a publication', async () => {
    await query(
      `insert into publications values (gen_random_uuid(), 'other', 'Other', 'https://other.example', 'a@other.example', null, 'en', 'UTC', null, '{}', now())`,
    );
    expect(await fillDemo(foundation)).toBe(false);
    expect(await count('subscribers')).toBe(0);
  });

  it('leaves nothing behind when it is killed, and is whole after the next start', async () => {
    const killed = fillDemo(foundation, NOON).catch((error: unknown) => error);
    await killTheFillInTheMiddle();
    expect(await killed).toBeInstanceOf(Error);
    for (const table of ['publications', 'subscribers', 'clicks', 'mails', 'received_mails']) {
      expect(await count(table), table).toBe(0);
    }
    expect(await fillDemo(foundation, NOON)).toBe(true);
    const { readers, mails } = await snapshot(NOON);
    expect(readers).toHaveLength(30);
    expect(letters(mails).every(({ state }) => state === 'sent')).toBe(true);
  });

  it('puts no two statements on its connection at once', () => {
    expect(warnings.filter((warning) => warning.includes('client.query()'))).toEqual([]);
  });
});

describe('a service with the demo', () => {
  it("shows Ana's page, and its key opens the API", async () => {
    await fillDemo(foundation);
    await withService(foundation, async (app) => {
      const url = await demoHubUrl(app);
      const page = await app.inject({ url: new URL(url!).pathname });
      expect(page.statusCode).toBe(200);
      expect(page.body).toContain('LOAF-7Q2M-KX4D');
      const file = demoKeyFile(foundation.config);
      expect(statSync(file).mode & 0o777).toBe(0o600);
      const authorization = `Bearer ${readFileSync(file, 'utf8').trim()}`;
      const leads = await app.inject({ url: '/api/v1/leads', headers: { authorization } });
      expect(leads.json().data).toHaveLength(COUNTED.length);
    });
  });

  it('has no hub link when the demo is not there', async () => {
    await withService(foundation, async (app) => expect(await demoHubUrl(app)).toBeNull());
  });

  it('hands none of its mails to a mail server, but those of real readers', async () => {
    const recipients: string[] = [];
    const smtp = await startSmtp(recipients);
    const smtpUrl = `smtp://127.0.0.1:${(smtp.server.address() as AddressInfo).port}`;
    const withSmtp = { ...foundation, config: config({ SMTP_URL: smtpUrl, DEV_TOOLS: 'off' }) };
    try {
      await fillDemo(withSmtp);
      expect(tally((await snapshot(new Date())).mails.map(({ state }) => state))).toEqual({
        suppressed: await count('mails'),
      });
      await withService(withSmtp, async (app) => {
        await app.inject({
          method: 'POST',
          url: '/join/weekly-loaf',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: 'email=real@reader.example',
        });
        // Long enough for each job to have ticked.
        await sleep(2_500);
      });
      expect(recipients).toEqual(['real@reader.example']);
    } finally {
      await new Promise<void>((closed) => smtp.close(closed));
    }
  });
});

/** The rungs that referrers have reached, once each, by what LADDER and ARRIVALS say. */
function expectedRungs(): [email: string, reward: string][] {
  const counts = tally(COUNTED.map(({ through }) => through!.by));
  return Object.entries(counts).flatMap(([who, reached]) =>
    LADDER.filter(({ recipient, threshold }) => recipient === 'referrer' && threshold <= reached).map(
      ({ reward }): [string, string] => [READERS[who as ReaderName].email, reward.name],
    ),
  );
}

async function withService(on: Foundation, use: (app: NestFastifyApplication) => Promise<void>): Promise<void> {
  // A connection of its own: the application closes it.
  const own = { ...on, dataSource: await openDatabase() };
  const app = await createServer(AppModule.on(own), own);
  try {
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    await use(app);
  } finally {
    await app.close();
  }
}

async function startSmtp(recipients: string[]): Promise<SMTPServer> {
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onRcptTo: ({ address }, _, done) => {
      recipients.push(address);
      done();
    },
    onData: (stream, _, done) => {
      stream.resume();
      stream.on('end', () => done());
    },
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return server;
}
