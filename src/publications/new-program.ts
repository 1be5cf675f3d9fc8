import type { Program } from './publication.entities.js';

/** A program as it is before anybody has set anything. */
export function newProgram(
  named: Pick<Program, 'publicationId' | 'id' | 'slug' | 'name' | 'access' | 'createdAt'>,
): Program {
  return {
    ...named,
    landingUrl: null,
    attributionModel: 'first',
    attributionWindowDays: 30,
    holdDays: 0,
    doubleOptIn: true,
    requireEngagement: false,
    fraudLevel: 'strong',
    deliveryWhen: 'immediate',
    deliveryCron: null,
    deliveryTimezone: null,
    season: 1,
    stages: [],
    segment: null,
    joinFields: [],
    askHeardFrom: false,
    description: null,
    termsUrl: null,
    faq: [],
    steps: [],
    shareMessage: null,
    shareVariants: [],
    joinPage: {},
    showsBoard: false,
    requirements: [],
    handIn: false,
    enrolAfter: null,
    enrolledAt: null,
  };
}
