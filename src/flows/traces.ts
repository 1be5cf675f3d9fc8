import { Injectable } from '@nestjs/common';
import { domainsAbove } from '../domain/mail-providers.js';
import { clientOf, houseOf, stemOf } from '../domain/fraud/traces.js';
import { lineOf, plainAddress } from '../domain/network.js';
import { Tokens } from '../platform/tokens.js';
import type { ListKeys } from '../referrals/signal.store.js';

/** Who is at the other end of a request, as far as it shows. */
export interface Visitor {
  ip: string | null;
  userAgent: string | null;
}

/** The same of who sends a form of ours. */
export interface FormVisitor extends Visitor {
  /** From the page being made to the form being sent. */
  fillMs?: number | null;
  /** The subscriber whose browser it is known to be. */
  browserOf?: string | null;
  /** What the cookie of an earlier signup in the same browser holds. */
  earlierKey?: Buffer | null;
}

/** Makes keyed hashes of what a request shows, one publication's apart from another's: equal or not is all that is kept. */
@Injectable()
export class Traces {
  constructor(private readonly tokens: Tokens) {}

  of(publicationId: string, { ip, userAgent }: Visitor) {
    const client = clientOf(userAgent);
    return {
      ip: plainAddress(ip),
      network: this.key(publicationId, 'network', lineOf(ip)),
      agent: this.key(publicationId, 'agent', client?.name ?? null),
      isScript: client?.isScript ?? false,
      isDriven: client?.isDriven ?? false,
    };
  }

  house(publicationId: string, emailKey: string | null): Buffer | null {
    return this.key(publicationId, 'domain', emailKey === null ? null : houseOf(domainOf(emailKey)));
  }

  ofAddress(publicationId: string, { emailKey, abuseKey }: { emailKey: string; abuseKey: string }) {
    const list: ListKeys = { abuseKey, domains: domainsAbove(domainOf(emailKey)) };
    return {
      domain: this.house(publicationId, emailKey),
      stem: this.key(publicationId, 'stem', stemOf(abuseKey)),
      list,
    };
  }

  private key(
    publicationId: string,
    kind: 'network' | 'agent' | 'domain' | 'stem',
    text: string | null,
  ): Buffer | null {
    return text === null ? null : this.tokens.hash('signal', `${publicationId}\n${kind}\n${text}`);
  }
}

function domainOf(emailKey: string): string {
  return emailKey.slice(emailKey.lastIndexOf('@') + 1);
}
