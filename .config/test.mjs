// `npm test`: every check there is, one after another, all of them even when one fails. The last line is `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './freshness.mjs';

const reports = join(root, '.reports');
const tool = (path, ...args) => [join(root, 'node_modules', path), ...args];

const checks = [
  { name: 'build', args: [join(root, '.config', 'build.mjs')] },
  { name: 'typecheck', args: tool('ts7/bin/tsc', '-p', '.', '--noEmit') },
  { name: 'lint', args: tool('@biomejs/biome/bin/biome', 'lint', '--error-on-warnings') },
  { name: 'format', args: tool('@biomejs/biome/bin/biome', 'format') },
  { name: 'deadcode', args: tool('knip/bin/knip.js') },
];

function run(args) {
  return spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] }).status === 0;
}

function runCheck({ name, args }) {
  process.stdout.write(`\n── ${name}\n`);
  const began = Date.now();
  const passed = run(args);
  return { name, passed, seconds: (Date.now() - began) / 1000 };
}

/** A file that fails before its first test counts as one failure; a test that was skipped is one too. */
function countTests(report) {
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  const passed = tests.filter((test) => test.status === 'passed').length;
  const broken = report.testResults.filter((file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')).length;
  const failed = tests.filter((test) => test.status === 'failed').length + broken;
  return { passed, failed, skipped: tests.length - passed - tests.filter((test) => test.status === 'failed').length };
}

function runTests() {
  process.stdout.write('\n── tests\n');
  const file = join(reports, 'vitest.json');
  const began = Date.now();
  const passed = run(tool('vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`));
  const seconds = (Date.now() - began) / 1000;
  try {
    const counts = countTests(JSON.parse(readFileSync(file, 'utf8')));
    const unexplained = !passed && counts.failed === 0 ? 1 : 0;
    return { ...counts, failed: counts.failed + unexplained, seconds };
  } catch {
    return { passed: 0, failed: 1, skipped: 0, seconds };
  }
}

rmSync(reports, { recursive: true, force: true });
mkdirSync(reports);
const results = checks.map(runCheck);
const tests = runTests();
const passed = tests.passed + results.filter((check) => check.passed).length;
const failed = tests.failed + tests.skipped + results.filter((check) => !check.passed).length;

process.stdout.write('\n');
for (const check of results) process.stdout.write(`${check.passed ? 'passed' : 'FAILED'}  ${check.name} (${check.seconds.toFixed(1)} s)\n`);
process.stdout.write(
  `${tests.failed + tests.skipped === 0 ? 'passed' : 'FAILED'}  tests: ${tests.passed} passed, ${tests.failed} failed, ${tests.skipped} skipped (${tests.seconds.toFixed(1)} s)\n`,
);
if (tests.skipped > 0) process.stdout.write('Skipped tests count as failed: a test that does not run proves nothing.\n');
writeFileSync(join(reports, 'summary.json'), `${JSON.stringify({ passed, failed, skipped: tests.skipped, checks: results, tests })}\n`);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && passed > results.length ? 0 : 1;
