import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../engine/index.js';
import { readConfig } from '../../server/config.js';

const folder = (): string => mkdtempSync(join(tmpdir(), 'charter-config-'));

function refusal(environment: Record<string, string>): Record<string, unknown> {
  try {
    readConfig({ DATA_DIR: folder(), ...environment });
  } catch (error) {
    if (error instanceof EngineError) return { code: error.code, ...error.facts };
    throw error;
  }
  return {};
}

describe('configuration', () => {
  it('has a default for everything, on the loopback address', () => {
    const config = readConfig({ DATA_DIR: folder() });
    expect(config).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      publicUrl: 'http://127.0.0.1:3000',
      secure: false,
      trustProxy: false,
      clock: 'system',
      smtpUrl: null,
    });
    expect(config.databaseUrl).toBe(`sqlite:${join(config.dataDir, 'charter.sqlite')}`);
  });

  it('makes a secret key once, for the owner alone, and finds it again', () => {
    const dataDir = folder();
    const first = readConfig({ DATA_DIR: dataDir });
    const file = join(dataDir, 'secret.key');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8').trim()).toBe(first.secretKey);
    expect(readConfig({ DATA_DIR: dataDir }).secretKey).toBe(first.secretKey);
  });

  it.each([
    ['PORT', 'abc'],
    ['PORT', '70000'],
    ['PORT', '-1'],
    ['HOST', 'a host'],
    ['PUBLIC_URL', 'charter.example'],
    ['DATABASE_URL', 'mysql://x'],
    ['DATABASE_REPLICA_URLS', 'sqlite:x'],
    ['DATABASE_REPLICA_URLS', 'postgres://replica/charter'],
    ['DATABASE_CONNECTIONS', '1'],
    ['SECRET_KEY', 'short'],
    ['SMTP_URL', 'http://mail'],
    ['TRUST_PROXY', 'true'],
    ['LOG_LEVEL', 'loud'],
    ['CHARTER_CLOCK', 'sundial'],
    ['PROCESSES_DIR', '/nowhere/at/all'],
    ['RULES_DIR', import.meta.filename],
  ])('refuses %s=%s by name', (variable, value) => {
    expect(refusal({ [variable]: value })).toMatchObject({ code: 'CONFIGURATION_INVALID', variable });
  });

  it('reads a secret from the file that NAME_FILE names, and refuses both at once', () => {
    const file = join(folder(), 'key');
    writeFileSync(file, `${'k'.repeat(40)}\n`);
    expect(readConfig({ DATA_DIR: folder(), SECRET_KEY_FILE: file }).secretKey).toBe('k'.repeat(40));
    expect(refusal({ SECRET_KEY_FILE: file, SECRET_KEY: 'x'.repeat(40) })).toMatchObject({ variable: 'SECRET_KEY_FILE' });
    expect(refusal({ SECRET_KEY_FILE: '/nowhere/at/all' })).toMatchObject({ variable: 'SECRET_KEY_FILE' });
  });

  it('names variables that look like ours but are not', () => {
    expect(readConfig({ DATA_DIR: folder(), CHARTER_CLOKC: 'manual' }).unknown).toEqual(['CHARTER_CLOKC']);
  });

  it('can not be changed afterwards', () => {
    expect(Object.isFrozen(readConfig({ DATA_DIR: folder() }))).toBe(true);
  });
});
