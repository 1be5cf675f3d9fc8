import type { Friend } from '../../src/http/page-views.js';

const day = (text: string) => new Date(`${text}T12:00:00Z`);

/** Makes friends who came from this content, unless something else is said. */
export function friendsOf(contentTitle: string) {
  return (initial: string, joined: string, more: Partial<Friend> = {}): Friend => ({
    initial,
    joinedAt: day(joined),
    channel: 'whatsapp',
    contentTitle,
    openedAt: day(joined),
    otherOfYours: null,
    otherReaders: null,
    kind: 'counted',
    reason: null,
    until: null,
    ...more,
  });
}
