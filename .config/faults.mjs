// `npm run faults -- --minutes 120`: the fault tests alone, for as long as asked; without minutes their short form. What they did stands in .reports/faults.jsonl.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './freshness.mjs';

const { values, positionals } = parseArgs({ options: { minutes: { type: 'string', default: '0' } }, allowPositionals: true });
if (!/^\d{1,5}$/.test(values.minutes)) {
  process.stderr.write('faults: --minutes takes a whole number of minutes.\n');
  process.exit(1);
}
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const files = positionals.length > 0 ? positionals : ['test/faults'];
const run = spawnSync(process.execPath, [vitest, 'run', '--project', 'faults', ...files], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, CHARTER_FAULT_MINUTES: values.minutes },
});
process.exitCode = run.status ?? 1;
