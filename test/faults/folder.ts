/** Where the crash test's engine lives. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineOptions } from '../../engine/index.js';
import { faultProcesses } from './processes.js';

export function engineOptions(folder: string): EngineOptions {
  return {
    databaseUrl: `sqlite:${join(folder, 'data', 'charter.sqlite')}`,
    dataDir: join(folder, 'data'),
    processesDir: join(folder, 'processes'),
    rulesDir: join(folder, 'rules'),
    secretKey: 'a secret of the crash test only',
  };
}

export function layOutFolder(folder: string): void {
  for (const [process, files] of Object.entries(faultProcesses(0))) {
    mkdirSync(join(folder, 'processes', process), { recursive: true });
    for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, 'processes', process, file), JSON.stringify(content));
  }
  mkdirSync(join(folder, 'rules'), { recursive: true });
}
