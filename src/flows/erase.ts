import { Injectable } from '@nestjs/common';
import { LEFT_IN_DELAY } from '../domain/fraud.js';
import { withReason } from '../domain/review.js';
import { forgetEventsOf } from '../events/inbound-event.store.js';
import { forgetAnswersAbout } from '../idempotency/idempotency.store.js';
import { forgetRowsOf, holdUpImports } from '../imports/erased-rows.store.js';
import { forgetMarks } from '../leads/lead-marks.store.js';
import { forgetMailsTo } from '../mail/forget-mails.store.js';
import { forgetAddressesOf } from '../milestones/address.store.js';
import { forgetGrantReasons } from '../milestones/forget-reasons.store.js';
import { Clock } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import { makeErasureKey } from '../platform/erasure-key.js';
import { failpoint } from '../platform/failpoints.js';
import { RandomBytes } from '../platform/random.js';
import { forgetAppealWords } from '../referrals/appeal.store.js';
import { forgetAdjustmentReasons } from '../referrals/adjustment.store.js';
import { forgetListed } from '../referrals/fraud-list.store.js';
import { forgetEvidence } from '../referrals/forget-evidence.store.js';
import { forgetLostClicks } from '../referrals/referral-click.store.js';
import { lockReferralOf } from '../referrals/referral.store.js';
import { forgetSignals } from '../referrals/signal.store.js';
import { forgetNotesAbout } from '../staff/audit.store.js';
import { addressesOf, emptySubscriber, rememberErased } from '../subscribers/erasure.store.js';
import { forgetAnswers } from '../subscribers/participation.store.js';
import { forgetOpinions } from '../subscribers/opinion.store.js';
import { lockSubscriberAlone } from '../subscribers/subscriber.store.js';
import { forgetPersonInDeliveries } from '../webhooks/forget-person.store.js';
import { ChangeReferral } from './change-referral.js';
import { ForgetContacts } from './forget-contacts.js';
import { Leave } from './leave.js';

/** What a person is found by where their id does not stand. */
interface Traces {
  emailKeys: string[];
  abuseKeys: string[];
  /** Addresses as typed, and the externalId; in lower case. */
  texts: string[];
}

/**
 * Erases a person: everything personal is emptied wherever it is kept, while what others have of them stays: counts, referrals,
 * grants, the ledger. A keyed hash of the address keeps imports from bringing them back and referrals from counting twice.
 */
@Injectable()
export class Erase {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly random: RandomBytes,
    private readonly leave: Leave,
    private readonly changeReferral: ChangeReferral,
    private readonly forgetContacts: ForgetContacts,
  ) {}

  /** False when the publication has no such reader. Doing it twice changes nothing. */
  async run(publicationId: string, subscriberId: string): Promise<boolean> {
    const traces = await this.database.transaction((tx) => this.erase(tx, publicationId, subscriberId));
    if (traces === null) return false;
    failpoint('erase-half-way');
    // Again, for what others wrote who had read the address before it was gone: from here on nobody can read it.
    await this.database.transaction((tx) => this.forget(tx, publicationId, subscriberId, traces));
    return true;
  }

  /** Imports first, then the reader, then what is theirs, and the keys of the reader's row last (emptySubscriber says why). */
  private async erase(tx: Tx, publicationId: string, subscriberId: string): Promise<Traces | null> {
    await holdUpImports(tx, publicationId);
    const subscriber = await lockSubscriberAlone(tx, publicationId, subscriberId);
    if (subscriber === null) return null;
    if (subscriber.status === 'erased') return { emailKeys: [], abuseKeys: [], texts: [] };
    const now = this.clock.now();
    await this.leave.within(tx, publicationId, subscriberId, 'unsubscribed', 'api');
    await this.settleReferral(tx, publicationId, subscriberId, now);
    await forgetLostClicks(tx, publicationId, subscriberId);
    const addresses = await addressesOf(tx, publicationId, subscriberId);
    const named = subscriber.externalId === null ? [] : [subscriber.externalId];
    const traces = {
      emailKeys: addresses.map(({ emailKey }) => emailKey),
      abuseKeys: addresses.map(({ abuseKey }) => abuseKey),
      texts: [...addresses.map(({ email }) => email), ...named].map((text) => text.toLowerCase()),
    };
    await makeErasureKey(tx, this.random);
    await rememberErased(tx, publicationId, subscriberId);
    await this.forget(tx, publicationId, subscriberId, traces);
    await emptySubscriber(tx, publicationId, subscriberId, now);
    return traces;
  }

  /**
   * Nobody can confirm any more: a referral that waited for it is over. One that was held was rejected by leaving, and one that an
   * appeal holds of somebody who had left before is rejected now.
   */
  private async settleReferral(tx: Tx, publicationId: string, subscriberId: string, now: Date): Promise<void> {
    const referral = await lockReferralOf(tx, publicationId, subscriberId);
    if (referral === null) return;
    if (referral.state === 'pending') {
      await this.changeReferral.within(tx, referral, { state: 'expired' }, 'reader', now);
    } else if (referral.state === 'held') {
      const reasons = withReason(referral.reasons, LEFT_IN_DELAY);
      await this.changeReferral.within(tx, referral, { state: 'rejected', reasons }, 'reader', now);
    }
    await forgetEvidence(tx, publicationId, referral.id);
    await forgetMarks(tx, publicationId, referral.id);
  }

  private async forget(tx: Tx, publicationId: string, subscriberId: string, traces: Traces): Promise<void> {
    await forgetSignals(tx, publicationId, subscriberId);
    await forgetListed(tx, publicationId, traces.abuseKeys);
    await forgetGrantReasons(tx, publicationId, subscriberId);
    await forgetAnswers(tx, publicationId, subscriberId);
    await forgetAddressesOf(tx, publicationId, subscriberId);
    await forgetAdjustmentReasons(tx, publicationId, subscriberId);
    await forgetEventsOf(tx, publicationId, subscriberId);
    await forgetOpinions(tx, publicationId, subscriberId);
    const addresses = traces.texts.filter((text) => text.includes('@'));
    await forgetAppealWords(tx, publicationId, subscriberId, addresses);
    await forgetNotesAbout(tx, publicationId, subscriberId, addresses);
    await forgetMailsTo(tx, publicationId, subscriberId, 'the reader is erased');
    await forgetPersonInDeliveries(tx, publicationId, subscriberId);
    const erased = { subscriberId, emailKeys: traces.emailKeys };
    await this.forgetContacts.ofErased(tx, publicationId, erased);
    if (traces.emailKeys.length > 0) await forgetRowsOf(tx, publicationId, traces);
    await forgetAnswersAbout(tx, publicationId, subscriberId);
  }
}
