import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as door from '../../engine/index.js';
import { catalogue, EngineError, type ErrorCode } from '../../engine/index.js';
import { problemDocument, statusOf } from '../../server/httpErrors.js';

const root = join(import.meta.dirname, '..', '..');

describe('the door to the engine', () => {
  it('opens onto these names and no others', () => {
    expect(Object.keys(door).sort()).toEqual([
      'EngineError',
      'catalogue',
      'changeKey',
      'copyStore',
      'createEngine',
      'createManualClock',
      'cutStore',
      'describeRule',
      'durationWords',
      'every',
      'formatDuration',
      'lockServer',
      'measureEngine',
      'monotonic',
      'operators',
      'parseDuration',
      'parseInstant',
      'pause',
      'publishedSchemas',
      'readFolder',
      'readFolders',
      'seeded',
      'storeExists',
      'systemClock',
      'travelsInClear',
      'tryOutApart',
    ]);
  });
});

describe('the catalogue of errors', () => {
  const codes = Object.keys(catalogue) as ErrorCode[];
  const sources = ['engine', 'server'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && path !== 'errors.ts' && path !== 'httpErrors.ts')
      .map((path) => readFileSync(join(root, folder, path), 'utf8')),
  );

  it('says of every code what happened and what to do, in a sentence each', () => {
    for (const code of codes) {
      expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
      for (const sentence of Object.values(catalogue[code])) expect(sentence, code).toMatch(/^[A-Z].{5,}\.$/);
      const error = new EngineError(code, { place: 'here' });
      expect([error.name, error.code, error.message, error.remedy, error.facts]).toEqual([
        'EngineError',
        code,
        catalogue[code].message,
        catalogue[code].remedy,
        { place: 'here' },
      ]);
    }
  });

  it('holds no code that nothing raises, and no sentence twice', () => {
    const unused = codes.filter((code) => !sources.some((text) => text.includes(`'${code}'`)));
    expect(unused).toEqual([]);
    expect(new Set(codes.map((code) => catalogue[code].message)).size).toBe(codes.length);
  });

  it('holds every code that is raised', () => {
    const raised = new Set(sources.flatMap((text) => [...text.matchAll(/new EngineError\(\s*'([A-Z_]+)'/g)].map((match) => match[1] as string)));
    expect(raised.size).toBeGreaterThan(20);
    expect([...raised].filter((code) => !Object.hasOwn(catalogue, code))).toEqual([]);
  });

  it('has an HTTP status for every code, and a problem document that shows code, remedy and facts', () => {
    for (const code of codes) {
      const error = new EngineError(code, { place: 'here' });
      expect([400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 503], code).toContain(statusOf(error));
      expect(problemDocument(error), code).toMatchObject({
        code,
        status: statusOf(error),
        title: catalogue[code].message,
        remedy: catalogue[code].remedy,
        facts: { place: 'here' },
      });
    }
  });
});
