import { toldReason } from '../../domain/friend.js';
import type { OwnData } from '../../flows/export-own-data.js';
import { valueOfGrant } from '../../milestones/grant.store.js';
import type { Publication } from '../../publications/publication.entities.js';
import { friendView } from './friend-view.js';

/** What a reader downloads of themselves. Of friends it tells no more than the reader's page does. */
export function ownDataView({ slug, name }: Publication, data: OwnData, now: Date): object {
  const { subscriber: reader, referredBy } = data;
  const { email, firstName, status, locale, attributes, externalId, heardFrom } = reader;
  return {
    exportedAt: now,
    publication: { slug, name },
    reader: {
      ...{ email, firstName, status, locale, attributes, externalId, heardFrom },
      formerAddresses: data.addresses.map((address) => address.email).filter((address) => address !== email),
      createdAt: reader.createdAt,
      confirmedAt: reader.confirmedAt,
      unsubscribedAt: reader.unsubscribedAt,
      signup: data.signup,
    },
    settings: {
      showsName: reader.showsName,
      boardName: reader.boardName,
      programMailsMutedAt: reader.programMailsMutedAt,
    },
    consents: data.consents.map(({ act, source, textVersion, at }) => ({ act, source, textVersion, at })),
    opinion: data.opinion && {
      npsScore: data.opinion.npsScore,
      npsAt: data.opinion.npsAt,
      reviewedAt: data.opinion.reviewedAt,
    },
    events: data.events,
    referredBy: referredBy && {
      state: referredBy.state,
      reason: toldReason(referredBy),
      content: referredBy.contentSlug,
      channel: referredBy.channel,
      clickedAt: referredBy.clickedAt,
      createdAt: referredBy.createdAt,
      verifiedAt: referredBy.verifiedAt,
    },
    programs: data.programs.map(programView),
    adjustments: data.adjustments.map(({ programSlug, delta, reason, at }) => ({
      program: programSlug,
      delta,
      reason,
      at,
    })),
    rewards: data.grants.map((grant) => ({
      reward: grant.rewardName,
      status: grant.status,
      value: valueOfGrant(grant),
      percent: grant.percent,
      code: grant.couponCode,
      company: grant.company,
      createdAt: grant.createdAt,
      sentAt: grant.sentAt,
      fulfilledAt: grant.fulfilledAt,
    })),
    ledger: data.ledger.map(({ rewardName, act, unit, quantity, currency, at }) => ({
      ...{ reward: rewardName, act, unit, quantity: Number(quantity), currency, at },
    })),
    shippingAddresses: data.shipping.map(({ publicationId: _, grantId: __, ...address }) => address),
    mails: data.mails,
  };
}

function programView({ program, participation, shareUrl, counts, shares, friends }: OwnData['programs'][number]) {
  const { status, createdAt, invitedAt, appliedAt, decidedAt, answers, shareWords } = participation;
  return {
    program: { slug: program.slug, name: program.name },
    ...{ status, createdAt, invitedAt, appliedAt, decidedAt, answers, shareWords, shareUrl },
    counts: counts.map(({ season, count }) => ({ season, count })),
    shares,
    friends: friends.map((friend) => {
      const { initial, joinedAt, channel, contentTitle, kind, reason, since } = friendView(friend);
      const { appealWords, appealedAt } = friend;
      return { initial, joinedAt, channel, contentTitle, kind, reason, since, appealWords, appealedAt };
    }),
  };
}
