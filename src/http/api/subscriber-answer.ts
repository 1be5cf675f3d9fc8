import { Injectable } from '@nestjs/common';
import { type Role, SITE_SUBSCRIBER_FIELDS } from '../../domain/permissions.js';
import { ReadSubscribers, type SubscriberWithStanding } from '../../flows/read-subscribers.js';
import { Links } from '../../platform/links.js';
import type { Publication } from '../../publications/publication.entities.js';
import type { Subscriber } from '../../subscribers/subscriber.entities.js';

/** Readers as a key of a role may see them. */
@Injectable()
export class SubscriberAnswers {
  constructor(
    private readonly readSubscribers: ReadSubscribers,
    private readonly links: Links,
  ) {}

  async one(publication: Publication, subscriber: Subscriber, role: Role): Promise<object> {
    const [answer] = await this.many(publication, [subscriber], role);
    return answer!;
  }

  async many(publication: Publication, subscribers: readonly Subscriber[], role: Role): Promise<object[]> {
    const read = await this.readSubscribers.run(publication, subscribers);
    const full = read.map((one) => this.full(publication, one));
    return role === 'site' ? full.map(card) : full;
  }

  private full(publication: Publication, { subscriber, participations, referredBy }: SubscriberWithStanding) {
    const own = participations.find(({ program }) => program === 'default');
    return {
      id: subscriber.id,
      email: subscriber.email,
      firstName: subscriber.firstName,
      status: subscriber.status,
      locale: subscriber.locale,
      attributes: subscriber.attributes,
      externalId: subscriber.externalId,
      heardFrom: subscriber.heardFrom,
      shareCode: own?.shareCode ?? null,
      shareUrl: own?.shareUrl ?? null,
      footerUrl: own?.footerUrl ?? null,
      hubUrl: this.links.hubDoor(publication.slug),
      referralCount: own?.referralCount ?? 0,
      lifetimeReferralCount: own?.lifetimeReferralCount ?? 0,
      nextMilestone: own?.nextMilestone ?? null,
      participations,
      referredBy: referredBy && {
        subscriberId: referredBy.subscriberId,
        shareCode: referredBy.shareCode,
        state: referredBy.state,
      },
      createdAt: subscriber.createdAt,
      confirmedAt: subscriber.confirmedAt,
    };
  }
}

function card(full: Record<string, unknown>): object {
  return Object.fromEntries(SITE_SUBSCRIBER_FIELDS.map((field) => [field, full[field]]));
}
