/** Takes in what the folders hold. What was checked and tried before, and has not changed since, is not checked or tried again. */
import type { Clock } from '../clock.js';
import { compileProgram } from '../core/program.js';
import type { SharedRules } from '../definitions/authored.js';
import {
  checkAll,
  checkerMark,
  closeOver,
  type DefinitionVersion,
  type Fingerprints,
  fingerprintsOf,
  readFolders,
  referenceVersion,
} from '../definitions/index.js';
import type { Problem, Sources } from '../engine.js';
import type { ActivationRow, DefinitionRow, DefinitionStore, Store } from '../store/types.js';
import { tryScenarios } from '../trial/index.js';
import type { DefinitionLibrary } from './definitionLibrary.js';

export interface FolderParts {
  readonly store: DefinitionStore;
  /** Where what was found is kept for the next start. */
  readonly facts: Pick<Store, 'meta' | 'setMeta'>;
  readonly library: DefinitionLibrary;
  readonly clock: Clock;
  readonly processesDir: string;
  readonly rulesDir: string;
  readonly log: (message: string, facts: Record<string, unknown>) => void;
}

export interface FolderReading {
  readonly readAt: number;
  readonly problems: readonly Problem[];
  /** Versions from the folder that wait beside one that was published in the browser. */
  readonly waiting: readonly { readonly process: string; readonly hash: string }[];
}

export interface TakenIn {
  readonly reading: FolderReading;
  /** Null when the shared rules have an error: then nothing was taken in. */
  readonly shared: SharedRules | null;
}

/** What was found in a folder, or in the shared rules. */
interface Found {
  readonly fingerprint: string;
  readonly problems: readonly Problem[];
}

/** What is kept of the last reading. */
interface Memory {
  /** Of the code that checked. */
  readonly mark: string;
  readonly rules: Found | null;
  /** `hash`: of its version, which the store has; null when the folder has errors. */
  readonly folders: { readonly [key: string]: Found & { readonly hash: string | null } };
}

/** `version`: null when the folder has errors, or holds a version that the store has. */
interface Examined extends Found {
  readonly process: string;
  readonly hash: string | null;
  readonly version: DefinitionVersion | null;
}

const MEMORY = 'definition-folders';
const isError = (problem: Problem): boolean => problem.severity === 'error';
const isShared = ({ file }: Problem): boolean => /^(policy|reference|rules)\//.test(file);

/** Reads both folders once and publishes what is new and sound. */
export async function takeInFolders(parts: FolderParts, last: FolderReading): Promise<TakenIn> {
  const sources = await readFolders(parts.processesDir, parts.rulesDir);
  const [memory, prints] = [await recall(parts), fingerprintsOf(sources)];
  const { shared, problems, folders } = examine(parts, { sources, memory, prints });
  const readAt = parts.clock.now();
  if (problems.some((problem) => isError(problem) && isShared(problem))) return { reading: { readAt, problems, waiting: last.waiting }, shared: null };
  const waiting = await publishSound(parts, folders, shared);
  for (const problem of problems) if (isError(problem)) parts.log('definition refused', { ...problem });
  await remember(parts, memory, {
    mark: checkerMark(),
    rules: { fingerprint: prints.rules, problems: problems.filter(isShared) },
    folders: Object.fromEntries(folders.map(({ process, version: _version, ...found }) => [process, found])),
  });
  return { reading: { readAt, problems, waiting }, shared };
}

interface Looked {
  readonly shared: SharedRules;
  readonly problems: readonly Problem[];
  readonly folders: readonly Examined[];
}

/** Checks what is not known yet, and tries out what is neither known nor in force. */
function examine({ library }: FolderParts, { sources, memory, prints }: { sources: Sources; memory: Memory; prints: Fingerprints }): Looked {
  const known = new Map(Object.entries(memory.folders).filter(([key, { fingerprint }]) => prints.folders.get(key) === fingerprint));
  const rules = memory.rules?.fingerprint === prints.rules ? memory.rules : null;
  const checked = checkAll(sources, { rules: rules !== null, folder: (key) => known.has(key) });
  const sharedProblems = [...(rules?.problems ?? []), ...checked.problems.filter(isShared)];
  const folders = [...prints.folders].map(([process, fingerprint]): Examined => {
    const before = known.get(process);
    if (before) return { process, version: null, ...before };
    const found = checked.problems.filter((problem) => problem.file.startsWith(`${process}/`) && !isShared(problem));
    const files = checked.processes.get(process);
    const version = files && !found.some(isError) ? closeOver(process, files, checked.shared) : null;
    const tried = version ? tryNew(library, version, checked.shared) : [];
    const refused = version === null || tried.length > 0;
    return { process, fingerprint, problems: [...found, ...tried], hash: refused ? null : version.hash, version: refused ? null : version };
  });
  return { shared: checked.shared, problems: [...sharedProblems, ...folders.flatMap(({ problems }) => problems)], folders };
}

/** Problems that scenarios find in content that is not in force yet; what is in force was tried out before. */
function tryNew(library: DefinitionLibrary, version: DefinitionVersion, shared: SharedRules): readonly Problem[] {
  if (library.has(version.key) && library.activation(version.key).hash === version.hash) return [];
  return tryScenarios(compileProgram(version), surroundings(library, shared)).problems;
}

/** What scenarios need around a process: the others in force, and the reference rules. */
export function surroundings(library: DefinitionLibrary, { reference }: SharedRules): Parameters<typeof tryScenarios>[1] {
  return {
    reference,
    get others() {
      return new Map(library.keys().map((key) => [key, library.current(key)]));
    },
  };
}

/** New content is published; it comes into force unless what is in force was published elsewhere. */
async function publishSound({ store, library, clock }: FolderParts, folders: readonly Examined[], shared: SharedRules): Promise<FolderReading['waiting']> {
  const at = clock.now();
  const definitions: DefinitionRow[] = [];
  const activations: ActivationRow[] = [];
  for (const { process, hash, version } of folders) {
    if (hash === null) continue;
    const stamp = { process, hash, note: 'Read from the folder', source: 'folder' as const };
    const current = library.has(process) ? library.activation(process) : null;
    if (current?.hash === hash) continue;
    if (version && !(await store.definition(hash))) definitions.push({ ...stamp, text: version.text, publishedAt: at, publishedBy: 'system' });
    if (current === null || current.source === 'folder') activations.push({ ...stamp, at, by: 'system' });
  }
  const reference = referenceVersion(shared);
  const references = reference.hash === library.referenceHash() ? [] : [{ ...reference, at, by: 'system' }];
  if (definitions.length + activations.length + references.length > 0) await store.publish({ definitions, activations, references });
  await library.refresh();
  // Asked only now: another server may have published meanwhile.
  return folders.flatMap(({ process, hash }) => {
    const current = library.has(process) ? library.activation(process) : null;
    return hash !== null && current !== null && current.hash !== hash && current.source !== 'folder' ? [{ process, hash }] : [];
  });
}

const nothing: Memory = { mark: '', rules: null, folders: {} };

/** What was found by this very code; by other code it might be something else. */
async function recall({ facts }: FolderParts): Promise<Memory> {
  const text = await facts.meta(MEMORY);
  const memory = text === null ? nothing : (JSON.parse(text) as Memory);
  return memory.mark === checkerMark() ? memory : nothing;
}

/** A store that can not be written now is asked again at the next reading: what is kept only saves work. */
async function remember({ facts, log }: FolderParts, before: Memory, now: Memory): Promise<void> {
  const text = JSON.stringify(now);
  if (text === JSON.stringify(before)) return;
  await facts.setMeta(MEMORY, text).catch((error: unknown) => log('what was found in the folders could not be kept', { reason: String(error) }));
}
