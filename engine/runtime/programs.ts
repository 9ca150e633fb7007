/** Definition versions by hash: their text is at hand, they are read when something first asks what they hold, compiled when they first run. */
import { compileProgram, type Program } from '../core/program.js';
import { type DefinitionVersion, parseVersion } from '../definitions/index.js';
import { EngineError } from '../errors.js';
import type { DefinitionStore } from '../store/types.js';

export interface Programs {
  /** Has the text at hand. @throws DEFINITION_UNREADABLE when the store has no such version. */
  fetch(hash: string): Promise<void>;
  /** @throws DEFINITION_UNREADABLE when it was not fetched. */
  files(hash: string): DefinitionVersion['files'];
  /** @throws DEFINITION_UNREADABLE when it was not fetched. */
  program(hash: string): Program;
}

export function createPrograms(definitions: Pick<DefinitionStore, 'definition'>): Programs {
  const texts = new Map<string, string>();
  const versions = new Map<string, DefinitionVersion>();
  const programs = new Map<string, Program>();

  const version = (hash: string): DefinitionVersion => {
    const known = versions.get(hash);
    if (known) return known;
    const text = texts.get(hash);
    if (text === undefined) throw new EngineError('DEFINITION_UNREADABLE', { version: hash });
    const parsed = parseVersion(text);
    versions.set(hash, parsed);
    texts.delete(hash);
    return parsed;
  };
  return {
    async fetch(hash) {
      if (programs.has(hash) || versions.has(hash) || texts.has(hash)) return;
      const row = await definitions.definition(hash);
      if (!row) throw new EngineError('DEFINITION_UNREADABLE', { version: hash });
      texts.set(hash, row.text);
    },
    files: (hash) => programs.get(hash)?.files ?? version(hash).files,
    program(hash) {
      const known = programs.get(hash);
      if (known) return known;
      const compiled = compileProgram(version(hash));
      programs.set(hash, compiled);
      versions.delete(hash);
      return compiled;
    },
  };
}
