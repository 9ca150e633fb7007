/** A folder for the stores of one run (see `shippedStore`); gone when the run ends. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export function setup(): (() => void) | undefined {
  if (process.env.CHARTER_SHIPPED !== undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'charter-shipped-'));
  process.env.CHARTER_SHIPPED = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
