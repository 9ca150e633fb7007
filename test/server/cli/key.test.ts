import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { keyCommand } from '../../../server/cli/commands/key.js';
import { verifyCommand } from '../../../server/cli/commands/verify.js';
import { agent, installation } from './run.js';

const [OLD, NEW] = ['the key until now, which is long enough', 'the key from now on, which is long enough'];

it('charter key change makes the present key the one that counts, and asks for the one before it', async () => {
  const before = installation(undefined, { SECRET_KEY: OLD });
  await before.serve(async (engine) => {
    await engine.keepKey();
    await engine.create({ process: 'ticket', data: { summary: 'Kept' }, actor: agent });
    await engine.checkpoint();
  });
  const after = before.elsewhere({ SECRET_KEY: NEW, DATABASE_URL: before.options.databaseUrl });
  expect((await after.run(verifyCommand)).error).toMatchObject({ code: 'KEY_DIFFERS' });
  const file = join(before.folder, 'old.key');
  expect((await after.run(keyCommand)).error?.facts.variable).toBe('--before');
  expect((await after.run(keyCommand, '--before', file)).error?.facts.reason).toMatch(/can not be read/);
  expect((await after.run(keyCommand, '--before', file, '--lost')).error?.facts.variable).toBe('--before');
  writeFileSync(file, `${OLD}\n`);
  expect(await after.run(keyCommand, '--before', file, '--json')).toMatchObject({ code: 0, json: { checkpoints: 1 } });
  expect(await after.run(verifyCommand, '--json')).toMatchObject({ code: 0, json: { checkpoints: 1, problems: [], warnings: [] } });
  expect((await before.run(verifyCommand)).error?.remedy).toMatch(/charter key change/);
  expect((await before.run(keyCommand, '--lost')).out).toMatch(/1 checkpoints signed before are taken as they stand/);
});
