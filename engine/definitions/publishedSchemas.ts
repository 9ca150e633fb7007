/** The published JSON Schemas: one a file kind, served at `/schemas/<name>.json`. They are the format. */
import { readdirSync, readFileSync } from 'node:fs';
import type { JsonObject } from './authored.js';
import { deepFreeze } from './freeze.js';

let loaded: ReadonlyMap<string, JsonObject> | null = null;

/** All schemas by name (`statechart`, `form`, …), read once from beside this file. */
export function publishedSchemas(): ReadonlyMap<string, JsonObject> {
  if (loaded) return loaded;
  const folder = new URL('./schemas/', import.meta.url);
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort();
  loaded = new Map(names.map((name) => [name.slice(0, -'.json'.length), deepFreeze(JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as JsonObject)]));
  return loaded;
}
