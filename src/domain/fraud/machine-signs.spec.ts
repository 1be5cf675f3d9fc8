import { describe, expect, it } from 'vitest';
import { machineSigns } from './machine-signs.js';
import type { ConfirmTrace, OwnSignup } from './traces.js';

const signup: OwnSignup = {
  ...{ at: 0, network: 'home', agent: 'firefox', domain: null, stem: null, clickId: null },
  ...{ isScript: false, fillMs: 9_000, browserOf: null, earlierKey: null },
};
const confirmation: ConfirmTrace = {
  ...{ network: 'home', agent: 'firefox' },
  ...{ isScript: false, isDriven: false, afterSendMs: 60_000 },
};

describe('machine signs', () => {
  it.each([
    ['a person at one desk', {}, {}, 0, false],
    ['a person who sits by the mailbox', {}, { afterSendMs: 2_000 }, 0, false],
    ['a person with two devices', {}, { network: 'mobile', agent: 'safari' }, 0, false],
    ['a person of whom the signup tells nothing', { network: null, agent: null }, { afterSendMs: 2_000 }, 0, false],
    ['a form without a time', { fillMs: null }, {}, 0, false],
    ['a script that confirms', {}, { isScript: true }, 2, true],
    ['a script that confirms an unknown signup', { network: null, agent: null }, { isScript: true }, 1, false],
    ['a scanner that presses the button', {}, { network: 'cloud', agent: 'chrome', afterSendMs: 3_000 }, 2, true],
    ['a slow scanner that presses the button', {}, { network: 'cloud', agent: 'chrome', afterSendMs: 30_000 }, 0, false],
    ['the mail app of the telephone that signed up', {}, { agent: 'web view', afterSendMs: 3_000 }, 0, false],
    ['another client within seconds, nobody knows where', { network: null }, { agent: 'chrome', afterSendMs: 3_000 }, 2, true],
    ['a driven browser elsewhere, later', {}, { network: 'cloud', agent: 'headless', isDriven: true }, 2, true],
    ['a driven browser that signed up as well', {}, { isDriven: true, afterSendMs: 2_000 }, 0, false],
    ['another network within seconds', {}, { network: 'cloud', afterSendMs: 9_999 }, 2, true],
    ['another network after ten seconds', {}, { network: 'cloud', afterSendMs: 10_000 }, 0, false],
    ['a form that was filled in by a script', { fillMs: 300 }, {}, 1, false],
    ['a form that was filled in within a second, and confirmed elsewhere', { fillMs: 300 }, { network: 'cloud' }, 1, false],
    ['a form that was filled in within a second, and confirmed at once', { fillMs: 300 }, { afterSendMs: 2_000 }, 1, false],
    ['a script that was quick from end to end', { isScript: true, fillMs: 300 }, { isScript: true, afterSendMs: 2_000 }, 4, true],
    ['a person behind a site that shows itself', { isScript: true, network: 'server' }, {}, 1, false],
    ['a script from end to end', { isScript: true }, { isScript: true }, 2, false],
    ['a form that a script filled in and sent', { isScript: true, fillMs: 300 }, {}, 2, false],
  ] as [string, Partial<OwnSignup>, Partial<ConfirmTrace>, number, boolean][])('of %s', (who, at, then, count, holds) => {
    const seen = who.startsWith('a script that confirms') ? { agent: 'curl', ...then } : then;
    const signs = machineSigns({ ...signup, ...at }, { ...confirmation, ...seen });
    expect([signs.found.length, signs.holds]).toEqual([count, holds]);
  }); // prettier-ignore

  it('are none where nothing is known', () => {
    expect(machineSigns(null, null)).toEqual({ found: [], holds: false });
    expect(machineSigns(signup, null)).toEqual({ found: [], holds: false });
    expect(machineSigns(null, { ...confirmation, network: 'cloud' })).toEqual({ found: [], holds: false });
  });
});
