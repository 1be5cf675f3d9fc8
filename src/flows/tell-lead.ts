import { Injectable } from '@nestjs/common';
import type { WebhookData } from '../domain/webhook-events.js';
import { attributeOf, holdLead, type LeadRow } from '../leads/lead.store.js';
import { Ids } from '../platform/clock.js';
import type { Tx } from '../platform/database.js';
import { standingPurchases } from '../referrals/purchase.store.js';
import type { Referral } from '../referrals/referral.entities.js';
import { insertDeliveries } from '../webhooks/delivery.store.js';
import { isHeard } from '../webhooks/webhook.store.js';

type LeadEvent = 'lead.qualified' | 'lead.purchased';

/**
 * Tells webhooks of what a lead did, in the transaction of the happening. Whoever has not confirmed yet is no lead: what they did
 * before is told when their referral counts. Each is told once, whatever comes back.
 */
@Injectable()
export class TellLead {
  constructor(private readonly ids: Ids) {}

  async qualified(tx: Tx, { publicationId, id }: Referral, now: Date): Promise<void> {
    if (!(await isHeard(tx, publicationId, 'lead.qualified'))) return;
    const lead = await holdLead(tx, publicationId, id);
    if (lead !== null) await this.tell(tx, publicationId, 'lead.qualified', id, lead, {}, now);
  }

  /** `eventId`: of the purchase; null for all that the lead has bought so far. */
  async purchased(tx: Tx, referral: Referral, eventId: string | null, now: Date): Promise<void> {
    const { publicationId, id, referredId } = referral;
    if (!(await isHeard(tx, publicationId, 'lead.purchased'))) return;
    const lead = await holdLead(tx, publicationId, id);
    if (lead === null) return;
    for (const { eventId: bought, ...purchase } of await standingPurchases(tx, publicationId, referredId)) {
      if (eventId !== null && eventId !== bought) continue;
      const more = { purchase: { id: bought, ...purchase } };
      await this.tell(tx, publicationId, 'lead.purchased', bought, lead, more, now);
    }
  }

  private tell(
    tx: Tx,
    publicationId: string,
    type: LeadEvent,
    happening: string,
    lead: LeadRow,
    more: object,
    now: Date,
  ): Promise<void> {
    return insertDeliveries(tx, publicationId, {
      id: this.ids.next(),
      type,
      eventKey: `${type}:${happening}`,
      data: { ...toldOf(lead), ...more },
      people: [lead.referrerId, lead.referredId],
      now,
    });
  }
}

function toldOf(lead: LeadRow): WebhookData['lead.qualified'] {
  const { id, program, content, channel, stage, value, signedUpAt, verifiedAt } = lead;
  const [company, role] = [attributeOf(lead, 'company'), attributeOf(lead, 'role')];
  return {
    ...{ id, program },
    referrer: { id: lead.referrerId, email: lead.referrerEmail, shareCode: lead.referrerCode },
    referred: { id: lead.referredId, email: lead.email, firstName: lead.firstName, company, role },
    ...{ content, channel, stage, value, signedUpAt, verifiedAt },
  };
}
