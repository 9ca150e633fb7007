/** Publishing, restoring and reading definitions from folders. All or nothing; the running version stays when anything is wrong. */
import { compileProgram, type Program } from '../core/program.js';
import type { ProcessFiles, SharedRules } from '../definitions/authored.js';
import { checkProcess, closeOver, parseVersion } from '../definitions/index.js';
import type { CheckReport, Problem } from '../engine.js';
import { EngineError } from '../errors.js';
import { tryScenarios } from '../trial/index.js';
import type { Actor } from '../types.js';
import { type FolderParts, type FolderReading, surroundings, takeInFolders } from './folderReading.js';

export interface PublishRequest {
  readonly process: string;
  readonly files: { readonly [file: string]: string };
  readonly note: string;
  readonly actor: Actor;
  readonly source: 'browser' | 'api';
}

export interface Publishing {
  check(process: string, files: { readonly [file: string]: string }): Promise<CheckReport>;
  publish(request: PublishRequest): Promise<{ hash: string; created: boolean; problems: readonly Problem[] }>;
  /** A checked draft as a program, not published. @throws DEFINITION_FAULTY */
  draft(process: string, files: { readonly [file: string]: string }): Promise<Program>;
  activate(request: { process: string; hash: string; note: string; actor: Actor }): Promise<void>;
  readFolders(): Promise<void>;
  reading(): FolderReading;
  /** The shared rules in force: the policy files of the last good reading. */
  shared(): SharedRules;
}

const PROCESS_KEY = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

export function createPublishing(parts: FolderParts): Publishing {
  let shared: SharedRules = { policy: {}, reference: {} };
  let reading: FolderReading = { readAt: 0, problems: [], waiting: [] };
  let busy: Promise<void> = Promise.resolve();

  const inspect = (process: string, files: { readonly [file: string]: string }) => {
    const others = new Map<string, Partial<ProcessFiles>>(parts.library.keys().map((key) => [key, parts.library.current(key).files]));
    return checkProcess(process, files, {
      shared,
      processes: new Map(
        [...others].map(([key, known]) => [
          key,
          { ...(known['form.json'] ? { form: known['form.json'] } : {}), ...(known['process.json'] ? { process: known['process.json'] } : {}) },
        ]),
      ),
    });
  };

  /** Checked as it stands and tried out by its own scenarios, as `charter check` does. */
  const examine: Examine = (process, files) => {
    const result = inspect(process, files);
    if (!result.files || result.problems.some((problem) => problem.severity === 'error')) return { ...result, covered: 0 };
    const tried = tryScenarios(compileProgram(closeOver(process, result.files, shared)), surroundings(parts.library, shared));
    return { ...result, problems: [...result.problems, ...tried.problems], covered: tried.covered };
  };

  const readOnce = async (): Promise<void> => {
    const taken = await takeInFolders(parts, reading);
    reading = taken.reading;
    shared = taken.shared ?? shared;
  };

  return {
    shared: () => shared,
    reading: () => reading,
    readFolders() {
      busy = busy.then(readOnce, readOnce);
      return busy;
    },
    async check(process, files) {
      const result = examine(process, files);
      return {
        problems: result.problems,
        processes: [
          {
            key: process,
            states: result.states,
            transitions: result.transitions,
            coveredTransitions: result.covered,
            exploredStates: 0,
            exploredSituations: 0,
            exploredFully: false,
          },
        ],
      };
    },
    publish: (request) => publish(parts, { request, shared, examine }),
    async draft(process, files) {
      const result = inspect(process, files);
      if (!result.files) throw new EngineError('DEFINITION_FAULTY', { process, problems: result.problems });
      return compileProgram(closeOver(process, result.files, shared));
    },
    async activate({ process, hash, note, actor }) {
      const row = await parts.store.definition(hash);
      if (!row || row.process !== process) throw new EngineError('VERSION_NOT_FOUND', { process, version: hash });
      parseVersion(row.text);
      await parts.store.publish({
        definitions: [],
        activations: [{ process, hash, at: parts.clock.now(), by: actor.id, note, source: 'browser' }],
        references: [],
      });
      await parts.library.refresh();
    },
  };
}

interface Publication {
  readonly request: PublishRequest;
  readonly shared: SharedRules;
  readonly examine: Examine;
}

type Examine = (process: string, files: PublishRequest['files']) => ReturnType<typeof checkProcess> & { readonly covered: number };

async function publish(parts: FolderParts, { request, shared, examine }: Publication): ReturnType<Publishing['publish']> {
  if (!PROCESS_KEY.test(request.process))
    throw new EngineError('QUERY_INVALID', { parameter: 'process', reason: 'a process key is made of lower-case letters, digits and single hyphens' });
  const result = examine(request.process, request.files);
  if (!result.files || result.problems.some((problem) => problem.severity === 'error'))
    throw new EngineError('DEFINITION_FAULTY', { process: request.process, problems: result.problems });
  const version = closeOver(request.process, result.files, shared);
  const known = await parts.store.definition(version.hash);
  await parts.library.refresh();
  const at = parts.clock.now();
  const current = parts.library.has(request.process) ? parts.library.activation(request.process).hash : null;
  const stamp = { process: request.process, hash: version.hash, note: request.note, source: request.source };
  await parts.store.publish({
    definitions: known ? [] : [{ ...stamp, text: version.text, publishedAt: at, publishedBy: request.actor.id }],
    activations: current === version.hash ? [] : [{ ...stamp, at, by: request.actor.id }],
    references: [],
  });
  await parts.library.refresh();
  return { hash: version.hash, created: known === null, problems: result.problems };
}
