import { friendKind, toldReason } from '../../domain/friend.js';
import { initialOf } from '../../domain/mask.js';
import { channelOf } from '../../domain/visit.js';
import type { FriendsPage, HubFriend } from '../../flows/read-friends.js';
import type { Publication } from '../../publications/publication.entities.js';
import type { HubNav } from '../hub-views.js';
import type { AppealedView, Friend, FriendsView } from '../page-views.js';
import { pagePublication } from './publication-page.js';

/** A referral as its referrer's pages show it. */
export function friendView(friend: HubFriend): Friend {
  const kind = friendKind(friend.state);
  const reason = toldReason(friend);
  return {
    id: friend.id,
    initial: initialOf(friend.referredEmail ?? ''),
    joinedAt: friend.createdAt,
    channel: channelOf(friend.channel),
    contentTitle: friend.contentTitle,
    openedAt: friend.clickedAt,
    ...rivalsOf(friend),
    kind,
    reason,
    until: reason === 'not_confirmed' ? friend.confirmUntil : reason === 'waiting_delay' ? friend.heldUntil : null,
    since: kind === 'waiting' ? null : friend.changedAt,
    appeal: appealView(friend),
  };
}

/** Other links that the friend had opened: told to whom the friend counts for or may yet count, and never whose they are. */
function rivalsOf(friend: HubFriend): Pick<Friend, 'otherOfYours' | 'otherReaders'> {
  const rivals = friendKind(friend.state) === 'refused' ? [] : friend.rivals;
  const order = (rival: HubFriend['rivals'][number] | undefined) =>
    rival === undefined ? null : rival.outcome === 'later_than_first' ? 'later' : 'earlier';
  return {
    otherOfYours: order(rivals.find(({ ownerId }) => ownerId === friend.referrerSubscriberId)),
    otherReaders: order(rivals.find(({ ownerId }) => ownerId !== friend.referrerSubscriberId)),
  };
}

function appealView({
  mayAppeal,
  state,
  heldFor,
  appealedAt,
  appealDecidedAt,
  appealDecision,
}: HubFriend): Friend['appeal'] {
  if (mayAppeal) return { state: 'open', at: null };
  if (state === 'held' && heldFor === 'review' && appealedAt !== null && appealDecidedAt === null) {
    return { state: 'asked', at: appealedAt };
  }
  return state === 'rejected' && appealDecision === 'reject' ? { state: 'kept', at: appealDecidedAt } : null;
}

/** What is left to say where there is no form: how an appeal stands, or that there is nothing to appeal. */
export function appealOutcome(friend: HubFriend): Pick<AppealedView, 'outcome' | 'at'> {
  const appeal = appealView(friend);
  if (appeal?.state === 'asked' || appeal?.state === 'kept') return { outcome: appeal.state, at: appeal.at };
  return { outcome: friend.state === 'verified' ? 'counts' : 'closed', at: null };
}

export function friendsView(
  publication: Publication,
  { program, tally, sections }: FriendsPage,
  place: { hubPath: string; isOne: boolean; now: Date; nav: HubNav },
): FriendsView {
  return {
    publication: pagePublication(publication),
    ...place,
    program: program && { slug: program.slug, name: program.name },
    sections: sections.map(({ kind, friends, older }) => ({
      kind,
      total: tally[kind],
      friends: friends.map(friendView),
      older:
        older === null
          ? null
          : `${place.hubPath}/friends?kind=${kind}${program === null ? '' : `&program=${program.slug}`}&after=${older}`,
    })),
  };
}
