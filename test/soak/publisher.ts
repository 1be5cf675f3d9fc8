import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceProcess } from '../support/service.js';
import type { SmtpSink } from './smtp-sink.js';

const BROWSER =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';
const THRESHOLD = 3;

interface Referrer {
  id: string;
  address: string;
  sharePath: string;
}

interface Answer {
  status: number;
  location: string | null;
  // The checks read what they need; the answers' own schemas are tested elsewhere.
  body: any; // eslint-disable-line @typescript-eslint/no-explicit-any
}

/**
 * A publication whose readers share and whose friends join, over HTTP alone. Like a browser or a site it tries again when the
 * service does not answer, and remembers what the service has acknowledged.
 */
export class Publisher {
  private readonly referrers: Referrer[] = [];
  /** Addresses whose confirmation was answered with a page. */
  private readonly confirmed: { address: string; referrer: Referrer }[] = [];
  private clicksAcknowledged = 0;
  private key = '';
  private slug = '';
  rounds = 0;

  private constructor(
    private readonly service: ServiceProcess,
    private readonly sink: SmtpSink,
    private readonly size: { referrers: number; friendsEach: number },
  ) {}

  static async create(
    service: ServiceProcess,
    sink: SmtpSink,
    size: { referrers: number; friendsEach: number },
  ): Promise<Publisher> {
    const publisher = new Publisher(service, sink, size);
    await publisher.setUp();
    return publisher;
  }

  /** Friends whose confirmation was acknowledged. */
  get confirmedAddresses(): string[] {
    return this.confirmed.map(({ address }) => address);
  }

  /** From now on verified referrals are told to this address. */
  async tell(url: string): Promise<void> {
    await this.api('POST', '/webhooks', { url, events: ['referral.verified'] });
  }

  get referrerAddresses(): string[] {
    return this.referrers.map(({ address }) => address);
  }

  /** Every reader's next friends click, join and confirm, so many at once. */
  async letFriendsJoin(inFlight: number): Promise<void> {
    const round = this.rounds++;
    const friends = this.referrers.flatMap((referrer, r) =>
      Array.from({ length: this.size.friendsEach }, (_, f) => ({ referrer, name: `friend-${round}-${r}-${f}` })),
    );
    const next = friends[Symbol.iterator]();
    const worker = async () => {
      for (const { referrer, name } of next) await this.befriend(referrer, name);
    };
    await Promise.all(Array.from({ length: inFlight }, worker));
  }

  /** Waits until nothing that is due is left. */
  async settle(): Promise<void> {
    for (let i = 0; i < 3; i++) await this.call('POST', '/dev/tick', { body: {} });
  }

  /** What the service says afterwards, beside what it had acknowledged. */
  async recount() {
    const notActive: string[] = [];
    for (const { address } of this.confirmed) {
      const { body } = await this.api('GET', `/subscribers?email=${encodeURIComponent(address)}`);
      if (body.data[0]?.status !== 'active' || body.data[0]?.referredBy?.state !== 'verified') notActive.push(address);
    }
    const wrongCounts: string[] = [];
    for (const { id, address } of this.referrers) {
      const { body } = await this.api('GET', `/subscribers/${id}`);
      const expected = this.confirmed.filter(({ referrer }) => referrer.id === id).length;
      if (body.referralCount !== expected) wrongCounts.push(`${address}: ${body.referralCount} instead of ${expected}`);
    }
    const grants = (await this.api('GET', '/grants?limit=200')).body.data as {
      status: string;
      subscriber: { id: string };
    }[];
    const [reward] = (await this.api('GET', '/rewards')).body.data as { id: string }[];
    const { stock } = (await this.api('GET', `/rewards/${reward!.id}`)).body as {
      stock: { total: number; free: number };
    };
    const [total] = (await this.api('GET', '/reports/funnel')).body.data as { clicks: number }[];
    return {
      friends: this.confirmed.length,
      notActive,
      wrongCounts,
      grants:
        new Set(grants.filter(({ status }) => status === 'sent').map(({ subscriber }) => subscriber.id)).size ===
        grants.length
          ? grants.length
          : -1,
      codes: stock.total - stock.free,
      lostClicks: Math.max(0, this.clicksAcknowledged - (total?.clicks ?? 0)),
    };
  }

  private async setUp(): Promise<void> {
    this.slug = `soak-${Date.now().toString(36)}`;
    const publication = {
      slug: this.slug,
      name: 'Soak',
      siteUrl: 'https://soak.example',
      fromEmail: 'hello@soak.example',
    };
    const made = await this.call('POST', '/api/v1/publications', { body: publication, key: this.service.operatorKey });
    this.key = made.body.apiKey.secret;
    const reward = (await this.api('POST', '/rewards', { kind: 'coupon', name: 'Coupon' })).body.id as string;
    const codes = Array.from({ length: this.size.referrers + 50 }, (_, i) => `SOAK-${i}`).join('\n');
    await this.call('POST', `/api/v1/rewards/${reward}/codes`, { csv: `Code\n${codes}\n`, key: this.key });
    const milestone = {
      name: 'Three',
      stage: 'verified',
      threshold: THRESHOLD,
      recipient: 'referrer',
      rewardId: reward,
      past: 'grant',
    };
    await this.api('POST', '/programs/default/milestones', milestone);
    for (let i = 0; i < this.size.referrers; i++) {
      const address = `reader-${i}@readers-${i}.example`;
      const { body } = await this.api('POST', '/subscribers', { email: address, confirmed: true });
      const { id, shareUrl } = body.subscriber as { id: string; shareUrl: string };
      this.referrers.push({ id, address, sharePath: new URL(shareUrl).pathname });
    }
  }

  private async befriend(referrer: Referrer, name: string): Promise<void> {
    const address = `${name}@${name}.example`;
    const visit = await this.call('GET', referrer.sharePath, { visitor: name });
    const to = new URL(visit.location!);
    const click = to.searchParams.get('click');
    if (click !== null) this.clicksAcknowledged++;
    await this.call('POST', `/join/${this.slug}`, {
      form: { email: address, ref: to.searchParams.get('ref') ?? '', click: click ?? '' },
      visitor: name,
    });
    let path: string | null = null;
    while ((path = this.sink.confirmPath(address)) === null) await sleep(50);
    const pressed = await this.call('POST', path, { form: {}, visitor: name });
    if (pressed.status === 200) this.confirmed.push({ address, referrer });
  }

  private api(method: string, path: string, body?: object): Promise<Answer> {
    return this.call(method, `/api/v1${path}`, { key: this.key, ...(body && { body }) });
  }

  /** Tries until the service answers with something else than that it is away. */
  private async call(
    method: string,
    path: string,
    sent: { body?: object; form?: Record<string, string>; csv?: string; key?: string; visitor?: string },
  ): Promise<Answer> {
    const headers: Record<string, string> = { 'user-agent': `${BROWSER} ${sent.visitor ?? ''}` };
    // A network of each reader's friends: from one alone the forms would soon be told to slow down.
    if (sent.visitor !== undefined) {
      headers['x-forwarded-for'] = `20.${sent.visitor.replace('friend-', '').replaceAll('-', '.')}`;
    }
    if (sent.key !== undefined) headers.authorization = `Bearer ${sent.key}`;
    if (sent.body !== undefined) headers['content-type'] = 'application/json';
    if (sent.csv !== undefined) headers['content-type'] = 'text/csv';
    const body = sent.form ? new URLSearchParams(sent.form) : (sent.csv ?? (sent.body && JSON.stringify(sent.body)));
    for (;;) {
      try {
        const answer = await fetch(this.service.url + path, {
          method,
          headers,
          redirect: 'manual',
          signal: AbortSignal.timeout(35_000),
          ...(body !== undefined && { body }),
        });
        const text = await answer.text();
        if (answer.status < 500) {
          return {
            status: answer.status,
            location: answer.headers.get('location'),
            body: /json/.test(answer.headers.get('content-type') ?? '') ? JSON.parse(text) : text,
          };
        }
      } catch {
        // killed under this request
      }
      await sleep(100);
    }
  }
}
