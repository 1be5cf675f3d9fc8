import { initialOf } from '../../domain/mask.js';
import { displayName } from '../../domain/text.js';
import { channelOf } from '../../domain/visit.js';
import type { Hub, HubRung } from '../../flows/read-hub.js';
import type { Publication } from '../../publications/publication.entities.js';
import { type Friend, friendReason, type HubView, type Rung } from '../page-views.js';
import { pagePublication } from './publication-page.js';

/** What the page of a reader shows. */
export function hubView(publication: Publication, hub: Hub, now: Date): HubView {
  const next = hub.ladder.find(({ isNext }) => isNext);
  return {
    publication: pagePublication(publication),
    now,
    firstName: displayName(hub.subscriber.firstName ?? ''),
    count: hub.count,
    share: { url: hub.shareUrl, message: null },
    next:
      next === undefined
        ? null
        : { reward: next.reward.name, description: next.reward.description, have: hub.count, goal: next.goal },
    ladder: hub.ladder.map((rung) => rungView(rung, now)),
    friends: hub.friends.map(friendView),
    friendCounts: hub.tally,
    contents: hub.contents.map(({ content, shareUrl, friends }) => ({
      slug: content.slug,
      title: content.title,
      kind: content.kind,
      publishedAt: content.publishedAt,
      shareUrl,
      friends,
    })),
  };
}

function rungView({ milestone, reward, goal, remaining, isNext, grants }: HubRung, now: Date): Rung {
  return {
    reward: reward.name,
    description: reward.description,
    state: isNext ? 'next' : remaining > 0 ? 'later' : 'reached',
    goal,
    every: milestone.every,
    grants: grants.map((grant) => {
      const isOut = grant.status === 'sent' || grant.status === 'fulfilled';
      const at = isOut ? grant.sentAt : grant.status === 'due' && grant.dueAt > now ? grant.dueAt : null;
      return {
        status: grant.status,
        count: grant.count ?? milestone.threshold,
        at,
        url: isOut ? reward.url : null,
        code: isOut && reward.kind === 'coupon' ? (reward.code ?? grant.couponCode) : null,
      };
    }),
  };
}

type HubFriend = Hub['friends'][number];

function friendView(friend: HubFriend): Friend {
  return {
    initial: initialOf(friend.referredEmail ?? ''),
    joinedAt: friend.createdAt,
    channel: channelOf(friend.channel),
    contentTitle: friend.contentTitle,
    openedAt: friend.clickedAt,
    ...rivalsOf(friend),
    ...standingOf(friend),
  };
}

/** Other links that the friend had opened: told to whom the friend counts for or may yet count, and never whose they are. */
function rivalsOf(friend: HubFriend): Pick<Friend, 'otherOfYours' | 'otherReaders'> {
  const isTold = friend.state === 'verified' || friend.state === 'pending' || friend.state === 'held';
  const rivals = isTold ? friend.rivals : [];
  const order = (rival: HubFriend['rivals'][number] | undefined) =>
    rival === undefined ? null : rival.outcome === 'later_than_first' ? 'later' : 'earlier';
  return {
    otherOfYours: order(rivals.find(({ ownerId }) => ownerId === friend.referrerSubscriberId)),
    otherReaders: order(rivals.find(({ ownerId }) => ownerId !== friend.referrerSubscriberId)),
  };
}

function standingOf(friend: HubFriend): Pick<Friend, 'kind' | 'reason' | 'until'> {
  switch (friend.state) {
    case 'verified':
      return { kind: 'counted', reason: null, until: null };
    case 'pending':
      return { kind: 'waiting', reason: friendReason('waiting', 'not_confirmed'), until: friend.confirmUntil };
    case 'held':
      return { kind: 'waiting', reason: friendReason('waiting', waitingFor(friend)), until: friend.heldUntil };
    case 'rejected':
      return { kind: 'refused', reason: friendReason('refused', friend.reasons.at(-1)?.code ?? ''), until: null };
    case 'expired':
    case 'reversed':
      return { kind: 'refused', reason: friendReason('refused', friend.state), until: null };
  }
}

/** What a held referral waits for; of a review, what made somebody look. */
function waitingFor(friend: HubFriend): string {
  const sign = friend.heldFor === 'review' ? friend.reasons.at(-1)?.code : undefined;
  return sign ?? `waiting_${friend.heldFor}`;
}
