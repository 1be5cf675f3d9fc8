import type { StaffViews } from '../../src/http/staff/staff-views.js';

const NOW = new Date('2026-11-21T09:00:00Z');
type Page = 'mail-templates' | 'mail-template';

export function sampleTemplates(): { [P in Page]: Record<string, StaffViews[P]> } {
  const typed = { subject: 'Welcome', html: '<p>Hello</p>', text: 'Hello' };
  const one = { message: 'welcome', named: 'mailName.welcome', locale: 'en' as const, other: 'ja' as const, typed };
  const version = { version: 2, at: NOW, who: 'Jo Baker', isOurs: false, isNow: true };
  return {
    'mail-templates': {
      some: {
        mails: [
          {
            message: 'welcome',
            named: 'mailName.welcome',
            languages: [
              { locale: 'en', isOwn: true, changedAt: NOW },
              { locale: 'ja', isOwn: false, changedAt: null },
            ],
          },
        ],
      },
    },
    'mail-template': {
      own: {
        ...{
          ...one,
          isOwn: true,
          version: 2,
          problems: [],
          isChanged: false,
          variables: ['shareUrl'],
          samples: ['ladder'],
        },
        versions: [
          version,
          { ...version, version: 1, isNow: false },
          { ...version, version: 3, isOurs: true, isNow: false },
        ],
        mayChange: true,
      },
      mistaken: {
        ...{ ...one, isOwn: false, version: 0, isChanged: true, variables: [], samples: ['ladder'], versions: [] },
        problems: [{ field: 'html', line: 3, message: 'line 3, column 4: <script> is not allowed' }],
        mayChange: true,
      },
      looked: {
        ...{
          ...one,
          isOwn: false,
          version: 0,
          problems: [],
          isChanged: false,
          variables: [],
          samples: [],
          versions: [],
        },
        mayChange: false,
      },
    },
  };
}
