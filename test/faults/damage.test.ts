import { randomInt } from 'node:crypto';
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine, EngineError, pause } from '../../engine/index.js';
import { ann, Ledger, settleAccounts } from './ledger.js';
import { startLoad } from './load.js';
import { account, inRounds, patience } from './long.js';
import { newPlace, type Place, sqlite } from './place.js';
import { type Programs, preparePrograms, startProgram } from './program.js';
import { freePort, prepareStore, runCharter, serve } from './server.js';

let programs: Programs;
beforeAll(() => void (programs = preparePrograms()));
afterAll(() => programs.drop());

const RECORDS = 150;
const MARK = 'a text that is looked for in the file';

/** A store that was closed in order, and where its file is. */
async function filled(): Promise<{ readonly place: Place; readonly file: string; readonly ledger: Ledger }> {
  const place = await newPlace(sqlite);
  const ledger = new Ledger();
  const engine = await createEngine(place.options);
  await Promise.all(
    Array.from({ length: RECORDS }, async (_, index) => ledger.took(await engine.create({ process: 'job', data: { title: `${MARK} ${index}` }, actor: ann }))),
  );
  await engine.close();
  return { place, file: join(place.dataDir, 'charter.sqlite'), ledger };
}

interface Damage {
  readonly name: string;
  readonly sentence: RegExp;
  readonly harm: (file: string, whole: Buffer) => void;
}

const damages: readonly Damage[] = [
  {
    name: 'its header overwritten',
    sentence: /not a SQLite database/,
    harm: (file, whole) => writeFileSync(file, Buffer.concat([Buffer.alloc(100, 7), whole.subarray(100)])),
  },
  {
    name: 'a page in its middle overwritten',
    sentence: /damaged/,
    harm: (file, whole) => writeFileSync(file, overwritten(whole, Math.floor(whole.length / 8192) * 4096)),
  },
  { name: 'its end missing', sentence: /its end is missing/, harm: (file, whole) => truncateSync(file, whole.length - 4096) },
  { name: 'half a page at its end', sentence: /its end is missing|damaged/, harm: (file, whole) => truncateSync(file, whole.length - 1000) },
  { name: 'nothing in it', sentence: /empty/, harm: (file) => truncateSync(file, 0) },
  { name: 'noise in its place', sentence: /not a SQLite database/, harm: (file, whole) => writeFileSync(file, Buffer.alloc(whole.length, 'noise')) },
  {
    name: 'its log there and itself gone',
    sentence: /write-ahead log/,
    harm: (file) => {
      writeFileSync(`${file}-wal`, 'a log');
      rmSync(file);
    },
  },
];

const overwritten = (whole: Buffer, at: number): Buffer => Buffer.concat([whole.subarray(0, at), Buffer.alloc(4096, 0xee), whole.subarray(at + 4096)]);

describe('a database file that was damaged', () => {
  it(
    'is told at once in one sentence, never served, and never replaced by an empty one',
    async () => {
      const { place, file } = await filled();
      const whole = readFileSync(file);
      for (const { name, sentence, harm } of damages) {
        for (const rest of readdirSync(place.dataDir)) if (rest.startsWith('charter.sqlite')) rmSync(join(place.dataDir, rest));
        writeFileSync(file, whole, { mode: 0o600 });
        harm(file, whole);
        const before = existsSync(file) ? readFileSync(file) : null;
        const error = await createEngine(place.options).then(
          () => null,
          (thrown: unknown) => thrown,
        );
        expect(error, name).toBeInstanceOf(EngineError);
        expect([(error as EngineError).code, String((error as EngineError).facts.reason)], name).toEqual(['STORE_UNUSABLE', expect.stringMatching(sentence)]);
        expect(existsSync(file) ? readFileSync(file).equals(before ?? Buffer.alloc(0)) : before === null, `${name}: left as it is`).toBe(true);
      }
      writeFileSync(file, overwritten(whole, Math.floor(whole.length / 8192) * 4096));
      const told = await startProgram(programs.charter, ['start'], { place, environment: { PORT: '0' } }).ended;
      expect([told.code, told.out]).toEqual([1, '']);
      expect(told.error.split('\n')[0]).toMatch(/^charter: The database can not be used\. The database file is damaged\. Restore it from a backup\./);
      account('damaged files', { damages: damages.length, told: damages.length });
    },
    patience(8),
  );

  it(
    'in the middle of a text, where SQLite can not see it, is named by verify',
    async () => {
      const { place, file } = await filled();
      const [whole, before] = [readFileSync(file), '"sequence":'];
      // Pages keep old copies of what was moved; the byte is flipped wherever it stands.
      for (let at = whole.indexOf(`${before}1`); at >= 0; at = whole.indexOf(`${before}1`, at + 1)) whole[at + before.length] = 0x33;
      writeFileSync(file, whole);
      const engine = await createEngine(place.options);
      const { problems } = await engine.verify().finally(() => engine.close());
      expect(problems.map(({ kind }) => kind)).toContain('hash');
      const { code, out } = await runCharter(programs.charter, ['verify'], { place });
      expect([code, out]).toEqual([1, expect.stringContaining('it was altered')]);
    },
    patience(4),
  );
});

describe('a write-ahead log that was cut', () => {
  it(
    'gives what was written before the cut, whole and verified, or is told',
    async () => {
      const place = await newPlace(sqlite);
      await prepareStore(place);
      const server = await serve(programs.charter, await freePort(), { place });
      const load = await startLoad(server.address, 8);
      await pause(500);
      await server.kill();
      await load.abandon();
      const file = join(place.dataDir, 'charter.sqlite');
      const sum = { cuts: 0, told: 0, opened: 0, entries: 0, chains: 0 };
      await inRounds(6, async (round) => {
        const copy = await place.elsewhere();
        const log = copied(file, copy);
        const { length } = readFileSync(log);
        if (round % 2 === 0) truncateSync(log, randomInt(length));
        else writeFileSync(log, scarred(readFileSync(log)));
        sum.cuts += 1;
        const engine = await createEngine({ ...copy.options, publishFolders: false }).catch((error: unknown) => {
          expect(error).toMatchObject({ code: 'STORE_UNUSABLE', facts: { reason: expect.stringMatching(/\.$/) } });
          sum.told += 1;
          return null;
        });
        if (!engine) return;
        sum.opened += 1;
        // Who cuts the log takes away what it held; what is left must be whole.
        const { entries, chains } = await settleAccounts(engine, new Ledger()).finally(() => engine.close());
        sum.entries += entries;
        sum.chains += chains;
      });
      account('cut logs', sum);
      expect(sum.opened + sum.told).toBe(sum.cuts);
    },
    patience(8),
  );
});

/** The database, its log and the attached files in another place. Returns the log. */
function copied(file: string, { dataDir }: Place): string {
  mkdirSync(dataDir, { recursive: true });
  for (const name of [basename(file), `${basename(file)}-wal`]) copyFileSync(join(dirname(file), name), join(dataDir, name));
  const files = join(dirname(file), 'attachments');
  if (existsSync(files)) cpSync(files, join(dataDir, 'attachments'), { recursive: true });
  return join(dataDir, `${basename(file)}-wal`);
}

function scarred(log: Buffer): Buffer {
  const at = randomInt(32, log.length - 64);
  return Buffer.concat([log.subarray(0, at), Buffer.alloc(32, 0x55), log.subarray(at + 32)]);
}
