interface Waiting<Item, Result> {
  item: Item;
  done: (result: Result) => void;
  failed: (error: unknown) => void;
}

/** Items in one statement: above some thousands it takes longer than those behind it should wait. */
const BATCH = 1_000;
/** Items that may wait; beyond this the database is away, and memory must not grow with the visitors. */
const MOST_WAITING = 10_000;

/**
 * Group commit: items that come while a batch is on its way make up the next one, with one batch in flight. An item costs a
 * share of a statement and of a commit, and waits for at most two of them.
 */
export class Gather<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private working = false;

  /** `together` answers a result for each item, in their order; when it throws, all items of the batch have failed. */
  constructor(private readonly together: (items: Item[]) => Promise<Result[]>) {}

  /** Resolves with the item's result. Rejects when its batch failed, or when too many wait. */
  add(item: Item): Promise<Result> {
    if (this.waiting.length >= MOST_WAITING) return Promise.reject(new Error('too many wait for the database'));
    return new Promise((done, failed) => {
      this.waiting.push({ item, done, failed });
      if (!this.working) void this.work();
    });
  }

  private async work(): Promise<void> {
    this.working = true;
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, BATCH);
      try {
        const results = await this.together(batch.map(({ item }) => item));
        for (const [n, { done }] of batch.entries()) done(results[n]!);
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
    }
    this.working = false;
  }
}
