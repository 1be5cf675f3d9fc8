import { reasonPages } from '../../src/domain/reason-pages.js';
import { phaseOf, type Phase, type ReasonCode, REASONS, type ToldReason } from '../../src/domain/reasons.js';
import type { Friend, PageViews } from '../../src/http/page-views.js';
import type { PagePublication } from '../../src/http/page-publication.js';
import { readCatalogues } from '../../src/platform/words.js';

/** The reasons of a phase that readers have words for. */
export function told(phase: Phase): ToldReason[] {
  const codes = Object.keys(REASONS) as ReasonCode[];
  return codes.filter((code): code is ToldReason => REASONS[code].words === 'own' && phaseOf(code) === phase);
}

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
    since: more.kind === undefined || more.kind === 'counted' ? day(joined) : null,
    id: '0193515c-7a2e-7000-8000-000000000001',
    appeal: null,
    ...more,
  });
}

type Pages = 'friends' | 'appeal' | 'appealed' | 'reasons';

export function sampleFriendPages(
  publication: PagePublication,
  now: Date,
  contentTitle: string,
): { [Page in Pages]: Record<string, PageViews[Page]> } {
  const friend = friendsOf(contentTitle);
  const hubPath = '/hub/TOKEN';
  const refused = { kind: 'refused', reason: 'alias_of_referrer', since: day('2026-11-13'), channel: 'email' } as const;
  const open = friend('a', '2026-11-12', { ...refused, appeal: { state: 'open', at: null } });
  const asked = friend('d', '2026-11-13', {
    ...{ kind: 'waiting', reason: 'waiting_review', contentTitle: null },
    appeal: { state: 'asked', at: day('2026-11-20') },
  });
  const kept = friend('b', '2025-11-08', { ...refused, appeal: { state: 'kept', at: day('2026-11-19') } });
  const base = { publication, now, hubPath };
  const nav = { path: hubPath, query: '', hasBoard: false };
  const older = `${hubPath}/friends?kind=counted&after=MDE5`;
  const outcomes = ['thanks', 'asked', 'kept', 'counts', 'closed'] as const;
  return {
    friends: {
      all: {
        ...{ ...base, nav, program: null },
        isOne: false,
        sections: [
          { kind: 'waiting', total: 2, friends: [asked, friend('k', '2026-11-21', waiting)], older: null },
          { kind: 'counted', total: 31, friends: [friend('s', '2026-11-19'), friend('', '2026-11-02')], older },
          { kind: 'refused', total: 2, friends: [open, kept], older: null },
        ],
      },
      onlyCounted: {
        ...{ ...base, nav: { ...nav, query: '?program=mill', hasBoard: true } },
        program: { slug: 'mill', name: 'The Mill Partners' },
        isOne: true,
        sections: [{ kind: 'counted', total: 31, friends: [friend('s', '2026-11-19')], older }],
      },
      nobody: {
        ...base,
        nav,
        program: null,
        isOne: false,
        sections: [{ kind: 'refused', total: 0, friends: [], older: null }],
      },
    },
    appeal: {
      form: { ...base, friend: open, typed: { words: '' }, problem: null },
      tooLong: { ...base, friend: open, typed: { words: 'We are two people.\n'.repeat(30) }, problem: 'too_long' },
    },
    appealed: Object.fromEntries(
      outcomes.map((outcome) => [
        outcome,
        {
          ...{ ...base, outcome, at: outcome === 'asked' || outcome === 'kept' ? day('2026-11-20') : null },
          friend: { thanks: asked, asked, kept, counts: friend('s', '2026-11-19'), closed: kept }[outcome],
        },
      ]),
    ),
    reasons: { all: { publication: null, reasons: reasonPages(readCatalogues()) } },
  };
}

const waiting = { kind: 'waiting', reason: 'not_confirmed', until: day('2026-12-05') } as const;
