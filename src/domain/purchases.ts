interface Told {
  /** The sender's id of the event. */
  id: string;
  at: Date;
}

/**
 * Which of a reader's purchases were refunded and when, by the purchase's id, from all that was told of them in whatever order
 * it came. A refund that names its purchase is that one's, before any that names none. Of the others, oldest first, each takes
 * the latest purchase before it that is not refunded; one that finds none waits for a purchase of that time to be told.
 */
export function refundTimes(
  purchases: readonly Told[],
  refunds: readonly (Told & { of: string | null })[],
): Map<string, Date> {
  const refunded = new Map<string, Date>();
  const inOrder = refunds.toSorted(byTime);
  const latestFirst = purchases.toSorted(byTime).reverse();
  for (const { of, at } of inOrder) {
    const named = purchases.find(({ id }) => id === of);
    if (named !== undefined && !refunded.has(named.id)) refunded.set(named.id, at);
  }
  for (const { of, at } of inOrder) {
    if (of !== null) continue;
    const latest = latestFirst.find((purchase) => purchase.at <= at && !refunded.has(purchase.id));
    if (latest !== undefined) refunded.set(latest.id, at);
  }
  return refunded;
}

function byTime(a: Told, b: Told): number {
  return a.at.getTime() - b.at.getTime() || (a.id < b.id ? -1 : 1);
}
