import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { backupCommand } from '../../../server/cli/commands/backup.js';
import { restoreCommand } from '../../../server/cli/commands/restore.js';
import { agent, type Installation, installation } from './run.js';

let place: Installation;
let file: string;
beforeEach(() => {
  place = installation();
  file = join(place.folder, 'backup.tar.gz');
});

const bytes = Uint8Array.from({ length: 300_000 }, (_none, at) => (at * 7) % 256);

/** Two records, one with an attachment, sealed by a checkpoint. */
async function fill(): Promise<string> {
  return place.serve(async (engine) => {
    const { record } = await engine.create({ process: 'ticket', data: { summary: 'Kept' }, actor: agent });
    await engine.create({ process: 'ticket', data: { summary: 'Also kept' }, actor: agent });
    await engine.attach({ record: record.id, actor: agent, name: 'proof.bin', type: 'application/octet-stream', content: bytes });
    await engine.checkpoint();
    return record.id;
  });
}

describe('charter backup and restore', () => {
  it('bring everything into an empty place, where it verifies with its own key', async () => {
    const id = await fill();
    const made = await place.run(backupCommand, file, '--json');
    expect([made.code, made.json]).toMatchObject([0, { file, files: 3 }]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(execFileSync('tar', ['tzf', file], { encoding: 'utf8' }).trim().split('\n')).toEqual([
      'charter.sqlite',
      expect.stringMatching(/^attachments\//),
      'secret.key',
      'manifest.json',
    ]);

    const other = place.elsewhere();
    const restored = await other.run(restoreCommand, file, '--json');
    expect([restored.code, restored.json]).toMatchObject([0, { files: 3, entries: 3, records: 2, checkpoints: 1, problems: [] }]);
    await other.serve(async (engine) => {
      const [row] = await engine.attachments(id, agent);
      expect((await engine.attachment(row?.id ?? '', agent)).content).toEqual(Buffer.from(bytes));
      expect((await engine.create({ process: 'ticket', data: { summary: 'Next' }, actor: agent })).record.number).toBe('TCK-000003');
    });
    expect(readdirSync(join(other.folder, 'data')).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('may run while records are made; what is in the backup is whole', async () => {
    await fill();
    await place.serve(async (engine) => {
      let going = true;
      const writing = (async () => {
        let made = 0;
        while (going) {
          await engine.create({ process: 'ticket', data: { summary: 'Meanwhile' }, actor: agent });
          made += 1;
        }
        return made;
      })();
      for (const name of ['a', 'b']) expect((await place.run(backupCommand, `${file}.${name}`)).code).toBe(0);
      going = false;
      expect(await writing).toBeGreaterThan(0);
    });
    for (const name of ['a', 'b']) {
      const { code, json } = await place.elsewhere().run(restoreCommand, `${file}.${name}`, '--json');
      expect([code, json.problems]).toEqual([0, []]);
    }
  });

  it('overwrite nothing', async () => {
    await fill();
    writeFileSync(file, 'precious');
    expect((await place.run(backupCommand, file)).error?.facts.reason).toMatch(/exists already/);
    expect(readFileSync(file, 'utf8')).toBe('precious');
    expect((await place.run(backupCommand, join(place.folder, 'nowhere', 'x'))).error?.facts.reason).toMatch(/folder that does not exist/);
    await place.run(backupCommand, `${file}2`);
    expect((await place.run(restoreCommand, `${file}2`)).error?.facts).toMatchObject({ variable: 'DATA_DIR', reason: expect.stringMatching(/not empty/) });
    expect(readdirSync(place.folder).filter((name) => name.includes('.part') || name.includes('.sqlite'))).toEqual([]);
  });

  it('refuse what is cut, changed, foreign or no backup, and leave nothing behind', async () => {
    await fill();
    await place.run(backupCommand, file);
    const whole = readFileSync(file);
    const tar = gunzipSync(whole);
    const changed = Buffer.from(tar);
    const at = changed.indexOf(Buffer.from(bytes.subarray(0, 64)));
    changed[at + 10] = (changed[at + 10] ?? 0) ^ 1;
    const renamed = Buffer.from(tar);
    const block = renamed.subarray(0, 512);
    block.fill(0, 0, 100);
    block.write('../../evil', 0, 'ascii');
    block.fill(' ', 148, 156);
    block.write(
      `${block
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, '0')}\0 `,
      148,
      'ascii',
    );
    const cases: readonly (readonly [string, Buffer, RegExp])[] = [
      ['cut', whole.subarray(0, whole.length / 2), /./],
      [
        'cut before the manifest',
        gzipSync(Buffer.concat([tar.subarray(0, 512 + Math.ceil(Number.parseInt(tar.toString('ascii', 124, 135), 8) / 512) * 512), Buffer.alloc(1024)])),
        /ends too early/,
      ],
      ['changed', gzipSync(changed), /is not what it was/],
      ['foreign', gzipSync(renamed), /does not belong there/],
      ['text', Buffer.from('hello'), /./],
      ['empty', Buffer.alloc(0), /./],
    ];
    for (const [name, content, reason] of cases) {
      const other = place.elsewhere();
      const bad = join(place.folder, `bad-${name}`);
      writeFileSync(bad, content);
      const { code, error } = await other.run(restoreCommand, bad);
      expect([name, code, error?.code]).toEqual([name, 1, 'STORE_UNUSABLE']);
      expect(String(error?.facts.reason)).toMatch(reason);
      expect(existsSync(join(other.folder, 'data', 'charter.sqlite'))).toBe(false);
      expect(readdirSync(join(other.folder, 'data'))).toEqual(['secret.key']);
    }
    expect((await place.elsewhere().run(restoreCommand, join(place.folder, 'nowhere'))).error?.facts.reason).toMatch(/no such file/);
  });

  it('keep a place that holds anything as it is', async () => {
    await fill();
    await place.run(backupCommand, file);
    const other = place.elsewhere();
    mkdirSync(join(other.folder, 'data'), { recursive: true });
    writeFileSync(join(other.folder, 'data', 'notes.txt'), 'mine');
    expect((await other.run(restoreCommand, file)).error?.facts.reason).toMatch(/notes\.txt/);
    expect(readdirSync(join(other.folder, 'data')).sort()).toEqual(['notes.txt', 'secret.key']);
  });
});
