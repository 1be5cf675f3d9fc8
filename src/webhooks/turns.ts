import type { EndpointDue } from './delivery.store.js';

/** Tries at the same time in a process. */
export const IN_FLIGHT = 5;
/** Of those to one endpoint, so that one which is slow for the first time leaves room for others. */
const PER_ENDPOINT = 3;
/** Of those to all endpoints together that are failing, one each: they may hang for 20 s a try. */
const FAILING_IN_FLIGHT = 2;

/** What is under way, and in what order endpoints were served. */
export interface Traffic {
  /** Tries under way by endpoint. */
  inFlight: ReadonlyMap<string, { count: number; isFailing: boolean }>;
  /** Endpoints, whoever was served longest ago first. */
  served: readonly string[];
}

/**
 * Which endpoints get how many of the free places: those that work before those that fail, and among them whoever was served
 * longest ago. So neither a dead endpoint nor one with a mountain of deliveries holds up another.
 */
export function takeTurns(due: readonly EndpointDue[], traffic: Traffic): { endpoint: EndpointDue; places: number }[] {
  const { inFlight, served } = traffic;
  const underWay = [...inFlight.values()];
  let free = IN_FLIGHT - underWay.reduce((sum, { count }) => sum + count, 0);
  let freeForFailing = FAILING_IN_FLIGHT - underWay.filter(({ isFailing }) => isFailing).length;
  const turns: { endpoint: EndpointDue; places: number }[] = [];
  const order = (endpoint: EndpointDue) => served.indexOf(endpoint.webhookId);
  for (const endpoint of [...due].sort((a, b) => Number(a.isFailing) - Number(b.isFailing) || order(a) - order(b))) {
    const taken = inFlight.get(endpoint.webhookId)?.count ?? 0;
    const places = endpoint.isFailing
      ? Math.min(free, freeForFailing, 1 - taken)
      : Math.min(free, PER_ENDPOINT - taken);
    if (places <= 0) continue;
    turns.push({ endpoint, places });
    free -= places;
    if (endpoint.isFailing) freeForFailing -= places;
  }
  return turns;
}
