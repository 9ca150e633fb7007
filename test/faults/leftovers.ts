/** What tests leave on the disk: gone with the test, or with its round, so that hours of rounds take no more room than one. */
import { onTestFinished } from 'vitest';

type Drop = () => void | Promise<void>;

/** Of the test under way; this project runs its tests one after another. */
let left: Drop[] = [];

/** Has it removed when the round is over; after one that failed, when the test is. */
export function dropLater(drop: Drop): void {
  const once = async (): Promise<void> => {
    if (!left.includes(once)) return;
    left = left.filter((one) => one !== once);
    await drop();
  };
  left.push(once);
  onTestFinished(once);
}

/** Does `work`, then removes what was made for it. */
export async function droppingLeftovers(work: () => Promise<void>): Promise<void> {
  const before = new Set(left);
  await work();
  for (const drop of left.filter((one) => !before.has(one)).reverse()) await drop();
}
