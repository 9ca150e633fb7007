/** Two copies of SQLite in one process break each other's file locks and lose commits: one library for each open file. */
import { EngineError } from '../errors.js';
import type { DriverName } from './driver/contract.js';

const open = new Map<string, { readonly driver: DriverName; count: number }>();

/** True while this process has the file open: then no plain handle of it may be opened, for closing that would drop SQLite's locks. */
export const isOpenHere = (file: string): boolean => open.has(file);

/** Claims `file` for a library until the function it returns is called. Throws STORE_UNUSABLE while another library has it. */
export function claimLibrary(file: string, driver: DriverName): () => void {
  const claim = open.get(file) ?? { driver, count: 0 };
  if (claim.driver !== driver) {
    throw new EngineError('STORE_UNUSABLE', { path: file, reason: `This process has the file open through ${claim.driver} already.` });
  }
  open.set(file, claim);
  claim.count += 1;
  let released = false;
  return () => {
    claim.count -= released ? 0 : 1;
    released = true;
    if (claim.count === 0 && open.get(file) === claim) {
      open.delete(file);
    }
  };
}
