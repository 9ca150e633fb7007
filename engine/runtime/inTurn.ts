/** Work that several ask for and that is done once for all who wait. */

/** Does it one at a time. Who asks while it is being done gets the next time, so that what he knows to be there is seen. */
export function inTurn(work: () => Promise<void>): () => Promise<void> {
  let last: Promise<unknown> = Promise.resolve();
  let next: Promise<void> | null = null;
  return () => {
    if (next) return next;
    const mine = last.then(() => {
      next = null;
      return work();
    });
    next = mine;
    last = mine.catch(() => undefined);
    return mine;
  };
}
