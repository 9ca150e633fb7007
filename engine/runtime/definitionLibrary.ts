/**
 * The definitions in force and every version that a record still runs on, each read when it is first used and compiled once.
 * Versions and activations live in the store; this is what one process remembers of them.
 */

import { createEnvironment, type Program } from '../core/program.js';
import type { ProcessFile, ReferenceFile } from '../definitions/authored.js';
import { EngineError } from '../errors.js';
import type { RuleEnvironment } from '../rules/index.js';
import type { ActivationRow, DefinitionStore } from '../store/types.js';
import { inTurn } from './inTurn.js';
import { createPrograms } from './programs.js';

export interface DefinitionLibrary {
  /** Makes a version's program available to `program`. */
  load(hash: string): Promise<Program>;
  /** The program of a version that is in force or was loaded. @throws DEFINITION_UNREADABLE when it is neither. */
  program(hash: string): Program;
  /** The current program of a process. @throws PROCESS_NOT_FOUND */
  current(process: string): Program;
  has(process: string): boolean;
  activation(process: string): ActivationRow;
  keys(): readonly string[];
  /** `process.json` of every process in force. */
  processes(): ReadonlyMap<string, ProcessFile>;
  environment(program: Program): RuleEnvironment;
  /** The environment a past reference version gave. */
  environmentAt(program: Program, reference: string): Promise<RuleEnvironment>;
  referenceHash(): string;
  reference(): { readonly [name: string]: ReferenceFile };
  /** Reads activations again if anything changed, also by another process. */
  refresh(): Promise<void>;
  /** Grows with what was last read. */
  revision(): number;
}

type Reference = { readonly hash: string; readonly files: { readonly [name: string]: ReferenceFile } };

export function createDefinitionLibrary(definitions: DefinitionStore): DefinitionLibrary {
  const programs = createPrograms(definitions);
  const environments = new Map<string, RuleEnvironment>();
  let activations = new Map<string, ActivationRow>();
  let processes: ReadonlyMap<string, ProcessFile> | null = null;
  let reference: Reference = { hash: '', files: {} };
  let revision = -1;

  const load = async (hash: string): Promise<Program> => {
    await programs.fetch(hash);
    return programs.program(hash);
  };
  const current = (process: string): Program => {
    const activation = activations.get(process);
    if (!activation) throw new EngineError('PROCESS_NOT_FOUND', { process });
    return programs.program(activation.hash);
  };
  const environmentOf = (of: Program, from: Reference): RuleEnvironment => {
    const key = `${of.hash} ${from.hash}`;
    const known = environments.get(key) ?? createEnvironment(of.policy, from.files);
    environments.set(key, known);
    return known;
  };

  return {
    load,
    program: programs.program,
    current,
    has: (process) => activations.has(process),
    activation(process) {
      const activation = activations.get(process);
      if (!activation) throw new EngineError('PROCESS_NOT_FOUND', { process });
      return activation;
    },
    keys: () => [...activations.keys()].sort(),
    processes() {
      processes ??= new Map([...activations].map(([key, { hash }]) => [key, programs.files(hash)['process.json'] ?? {}]));
      return processes;
    },
    environment: (of) => environmentOf(of, reference),
    async environmentAt(of, hash) {
      if (hash === reference.hash) return environmentOf(of, reference);
      // Texts of past references are large, and a walk through the history asks at every entry.
      const known = environments.get(`${of.hash} ${hash}`);
      if (known) return known;
      const row = await definitions.referenceByHash(hash);
      if (!row) throw new EngineError('DEFINITION_UNREADABLE', { reference: hash });
      return environmentOf(of, { hash, files: JSON.parse(row.text) as Reference['files'] });
    },
    referenceHash: () => reference.hash,
    reference: () => reference.files,
    revision: () => revision,
    refresh: inTurn(async () => {
      const now = await definitions.revision();
      if (now === revision) return;
      const [rows, row] = await Promise.all([definitions.current(), definitions.reference()]);
      for (const { hash } of rows) await programs.fetch(hash);
      activations = new Map(rows.map((entry) => [entry.process, entry]));
      processes = null;
      reference = row ? { hash: row.hash, files: JSON.parse(row.text) as Reference['files'] } : { hash: '', files: {} };
      revision = now;
    }),
  };
}
