// `npm run faults -- --minutes 120`: the fault tests alone, for as long as asked; without minutes their short form. What they did stands in .reports/faults.jsonl.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './freshness.mjs';

const refuse = (message) => {
  process.stderr.write(`faults: ${message}\n`);
  process.exit(1);
};

function asked() {
  try {
    return parseArgs({ options: { minutes: { type: 'string', default: '0' } }, allowPositionals: true });
  } catch (error) {
    return refuse(error.message);
  }
}

const { values, positionals } = asked();
if (!/^\d{1,5}$/.test(values.minutes)) refuse('--minutes takes a whole number of minutes.');
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const files = positionals.length > 0 ? positionals : ['test/faults'];
const run = spawnSync(process.execPath, [vitest, 'run', '--project', 'faults', ...files], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, CHARTER_FAULT_MINUTES: values.minutes },
});
process.exitCode = run.status ?? 1;
