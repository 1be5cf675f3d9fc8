import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

interface Told {
  type: string;
  data: { referred: { email: string } };
}

/** A receiver of webhooks that takes everything and outlives the service under test. */
export class HookSink {
  /** Of each friend, the webhook-ids under which their verified referral was told, in the order of arrival. */
  private readonly idsOf = new Map<string, string[]>();
  private readonly server = createServer((request, response) => {
    void (async () => {
      const { type, data } = (await json(request)) as Told;
      const ids = this.idsOf.get(data.referred.email) ?? [];
      if (type === 'referral.verified') ids.push(String(request.headers['webhook-id']));
      this.idsOf.set(data.referred.email, ids);
      response.writeHead(204).end();
    })();
  });
  url = '';

  async listen(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hooks`;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  /** Friends of whom nothing was told, friends told of under two ids, and copies under the same id. */
  tally(friends: readonly string[]): { missing: string[]; twoIds: string[]; duplicates: number } {
    const ids = [...this.idsOf.values()];
    return {
      missing: friends.filter((friend) => (this.idsOf.get(friend) ?? []).length === 0),
      twoIds: [...this.idsOf].filter(([, of]) => new Set(of).size > 1).map(([friend]) => friend),
      duplicates: ids.reduce((sum, of) => sum + of.length - new Set(of).size, 0),
    };
  }
}
