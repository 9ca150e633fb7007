/** One PostgreSQL for all tests of a run that want one. */
import { createCluster } from './cluster.js';

export async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.CHARTER_TEST_POSTGRES !== undefined) return undefined;
  const cluster = await createCluster();
  process.env.CHARTER_TEST_POSTGRES = cluster.url('').replace(/\/$/, '');
  return () => cluster.remove();
}
