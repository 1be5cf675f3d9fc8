import { displayName } from '../../domain/text.js';
import type { Hub, HubRung } from '../../flows/read-hub.js';
import type { Publication } from '../../publications/publication.entities.js';
import type { HubView, Rung } from '../page-views.js';
import { friendView } from './friend-view.js';
import { pagePublication } from './publication-page.js';

/** What the page of a reader shows. */
export function hubView(publication: Publication, hub: Hub, hubPath: string, now: Date): HubView {
  const next = hub.ladder.find(({ isNext }) => isNext);
  return {
    publication: pagePublication(publication),
    now,
    hubPath,
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
