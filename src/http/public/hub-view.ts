import { isSent } from '../../domain/grants.js';
import { displayName } from '../../domain/text.js';
import type { Hub } from '../../flows/read-hub.js';
import type { HubGrant, HubRung } from '../../flows/read-rewards.js';
import { valueOfGrant } from '../../milestones/grant.store.js';
import type { Publication } from '../../publications/publication.entities.js';
import type { HubView, Rung, RungGrant } from '../page-views.js';
import type { HubRunning } from '../raffle-views.js';
import type { HubPrograms } from '../program-views.js';
import { hubNav } from './hub-nav.js';
import { friendView } from './friend-view.js';
import { pagePublication } from './publication-page.js';
import { type SaidWords, shareView } from './share-view.js';

/** What the page of a reader shows. */
export function hubView(
  publication: Publication,
  hub: Hub,
  hubPath: string,
  words: SaidWords,
  now: Date,
): Omit<HubView, keyof HubPrograms | keyof HubRunning> {
  const next = hub.ladder.find(({ isNext }) => isNext);
  return {
    publication: pagePublication(publication),
    now,
    hubPath,
    nav: hubNav(hubPath, hub.own),
    firstName: displayName(hub.subscriber.firstName ?? ''),
    count: hub.count,
    ...shareView(hub, hubPath, words),
    next:
      next === undefined
        ? null
        : { reward: next.reward.name, description: next.reward.description, have: hub.count, goal: next.goal },
    ladder: hub.ladder.map((rung) => rungView(rung, now)),
    others: hub.others.map(({ grant, reward, links }) => ({
      reward: reward.name,
      grant: grantView(grant, reward, links, 1, now),
    })),
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
    grants: grants.map(({ grant, links }) => grantView(grant, reward, links, milestone.threshold, now)),
  };
}

function grantView(
  grant: HubGrant['grant'],
  reward: HubRung['reward'],
  { claimUrl, downloadUrl }: HubGrant['links'],
  threshold: number,
  now: Date,
): RungGrant {
  const isOut = isSent(grant.status);
  const hasCode = reward.kind === 'coupon' || reward.kind === 'gift_card';
  return {
    status: grant.status,
    count: grant.count ?? threshold,
    at: isOut ? grant.sentAt : grant.status === 'due' && grant.dueAt > now ? grant.dueAt : null,
    url: isOut ? (downloadUrl ?? (reward.terms.protected ? null : reward.url)) : null,
    code: isOut && hasCode ? (reward.code ?? grant.couponCode) : null,
    isPosted: reward.kind === 'physical',
    claimUrl,
    value: valueOfGrant(grant),
    percent: grant.percent,
  };
}
