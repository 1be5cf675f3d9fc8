import { activecampaign } from './presets/activecampaign.js';
import { getresponse } from './presets/getresponse.js';
import { hilti } from './presets/hilti.js';
import { hiver } from './presets/hiver.js';
import { hubspotAffiliate } from './presets/hubspot-affiliate.js';
import { hubspotPartner } from './presets/hubspot-partner.js';
import { monday } from './presets/monday.js';
import { monthlyContest } from './presets/monthly-contest.js';
import { newsletterMilestones } from './presets/newsletter-milestones.js';
import { perSeat } from './presets/per-seat.js';
import type { Preset } from './presets/preset.js';
import { raffle } from './presets/raffle.js';
import { reviews } from './presets/reviews.js';
import { salesforce } from './presets/salesforce.js';
import { trello } from './presets/trello.js';

/** Programs that readers and B2B buyers know, each a value. */
export const PRESETS: readonly Preset[] = [
  newsletterMilestones, trello, getresponse, activecampaign, hiver, hubspotPartner, hubspotAffiliate, monday, salesforce, hilti,
  reviews, raffle, monthlyContest, perSeat,
]; // prettier-ignore
