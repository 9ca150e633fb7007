/** The real rows taken into an engine, and what stands there afterwards. */
import type { RunningEngine } from '../../../engine/index.js';
import { type ImportRequest, type ImportResult, importFile } from '../../../server/import/importFile.js';
import { excerpt, excerptText, type Files, mappingFile } from './files.js';

export const importer = { id: 'system', roles: ['administrator'], teams: [] };
export const [header = '', ...lines] = excerptText.trim().split('\n');

export function run(engine: RunningEngine, request: Partial<ImportRequest> = {}): Promise<ImportResult> {
  return importFile({ mapping: mappingFile, file: excerpt, importer, ...request }, async () => engine);
}

/** Everything that is in the history, without what differs from store to store. */
export async function story(engine: RunningEngine): Promise<unknown[]> {
  const page = await engine.entries({ process: 'incident', limit: 1000 }, importer);
  const numbers = new Map<string, unknown>();
  for (const entry of page.items) if (entry.event === 'record.created') numbers.set(entry.record, entry.data.sourceNumber);
  return page.items
    .map((entry) => [numbers.get(entry.record), entry.sequence, entry.at, entry.actor, entry.event, entry.data, entry.to])
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

export async function find(engine: RunningEngine, number: string) {
  const page = await engine.list({ processes: ['incident'], q: number, limit: 10 }, importer);
  return page.items.filter((record) => record.data.sourceNumber === number);
}

/** The rows of some cases only, changed where asked. */
export function rowsOf(files: Files, { name, cases }: { name: string; cases: readonly string[] }, change: (line: string) => string = (line) => line): string {
  return files.write(name, [header, ...lines.filter((line) => cases.includes(line.split(',')[0] ?? '')).map(change), ''].join('\n'));
}
