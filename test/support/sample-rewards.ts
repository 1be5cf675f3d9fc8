import type { PagePublication } from '../../src/http/page-publication.js';
import type { ClaimGivenView, ClaimView, HubView, LinkOverView, RungGrant } from '../../src/http/page-views.js';

/*
 * What readers see of the kinds of rewards, for sample-views.ts.
 */

const CLAIM_URL = 'https://share.loaf.example/claim/TOKEN';
/** A grant without anything that only some kinds have. */
export const UNPOSTED = { isPosted: false, claimUrl: null, value: null, percent: null } as const;
const USD_25 = { amount: 2_500, currency: 'USD' };

interface Thing {
  name: string;
  description: string;
}

/** The pages that ask where to send a thing. */
export function claimPages(
  publication: PagePublication,
  thing: Thing,
  reader: string,
  isJapanese: boolean,
): {
  claim: Record<string, ClaimView>;
  'claim-given': Record<string, ClaimGivenView>;
  'link-over': Record<string, LinkOverView>;
} {
  const countries = [
    { code: 'GB', name: 'United Kingdom', isChosen: true },
    { code: 'JP', name: '日本', isChosen: false },
  ];
  const claim = { publication, token: 'TOKEN', reward: thing.name, countries, shippingDays: 30 };
  const blank = { name: '', postcode: '', region: '', city: '', line1: '', line2: '', phone: '' };
  const none = { line1: null, line2: null, phone: null, variant: null, country: null };
  const fine = { name: null, postcode: null, region: null, city: null, ...none };
  const variants = [
    { name: 'Short, 75 cm', isChosen: true },
    { name: 'Long, 90 cm', isChosen: false },
  ];
  return {
    claim: {
      first: { ...claim, variants, description: thing.description, typed: blank, problems: fine, isJapanese },
      wrong: {
        ...{ ...claim, variants: null, description: null, typed: { ...blank, name: reader }, isJapanese: false },
        problems: { ...fine, line1: 'required', line2: 'long', country: 'invalid', variant: 'required' },
      },
    },
    'claim-given': { plain: { publication, reward: thing.name, shippingDays: 30 } },
    'link-over': { plain: { publication }, unknown: { publication: null } },
  };
}

/** Grants beside the ladder, in the states that only some kinds have. */
export function otherGrants(thing: Thing): HubView['others'] {
  const sent: RungGrant = {
    ...{ status: 'sent', count: 3, at: new Date('2026-10-03T12:00:00Z'), url: null, code: null },
    ...UNPOSTED,
  };
  const grants: RungGrant[] = [
    { ...sent, status: 'awaiting_claim', at: null, isPosted: true, claimUrl: CLAIM_URL },
    { ...sent, isPosted: true },
    { ...sent, status: 'fulfilled', isPosted: true },
    { ...sent, code: 'CARD-2500', value: USD_25 },
    { ...sent, percent: 100 },
  ];
  return grants.map((grant) => ({ reward: thing.name, grant }));
}
