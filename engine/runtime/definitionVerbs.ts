/** The verbs on definitions: look, check, compare, publish, restore, try out. */
import { readRight } from '../core/access.js';
import type { Program } from '../core/program.js';
import { checkAll, difference } from '../definitions/index.js';
import type { Engine, VersionView } from '../engine.js';
import { EngineError } from '../errors.js';
import { runScenarios } from '../trial/index.js';
import type { Actor } from '../types.js';
import type { EngineContext } from './context.js';
import { definitionView, processSummary } from './definitionViews.js';

type DefinitionVerbs = Pick<
  Engine,
  | 'processes'
  | 'definition'
  | 'versions'
  | 'difference'
  | 'check'
  | 'checkSources'
  | 'publish'
  | 'activate'
  | 'scenarios'
  | 'folderProblems'
  | 'readFolders'
  | 'drafts'
  | 'saveDraft'
  | 'dropDraft'
>;

/** Most records of one version that are counted exactly. */
const COUNT_LIMIT = 10_000;

export function definitionVerbs(context: EngineContext): DefinitionVerbs {
  const { library, publishing, store } = context;
  return {
    async processes(actor) {
      return library
        .keys()
        .map((key) => processSummary(context, library.current(key), actor))
        .filter((summary) => summary.mayRead || summary.mayCreate);
    },
    async definition(process, actor, hash) {
      // Whoever has just published on another server is led here.
      await library.refresh();
      const program = await programOf(context, process, hash);
      if (readRight(library.current(process).process, actor) === 'none' && !actor.roles.includes('process-owner'))
        throw new EngineError('PROCESS_NOT_FOUND', { process });
      return definitionView(context, program, actor);
    },
    versions: (process) => versions(context, process),
    async difference(process, from, to) {
      const [before, after] = [await programOf(context, process, from), await programOf(context, process, to)];
      return difference(before, after);
    },
    check: (process, files) => publishing.check(process, files),
    async checkSources(sources) {
      const checked = checkAll(sources);
      return {
        problems: checked.problems,
        processes: [...checked.counts].map(([key, counts]) => ({
          key,
          ...counts,
          coveredTransitions: 0,
          exploredStates: 0,
          exploredSituations: 0,
          exploredFully: false,
        })),
      };
    },
    async publish(request) {
      mustOwn(request.actor);
      return publishing.publish(request);
    },
    async activate(request) {
      mustOwn(request.actor);
      library.current(request.process);
      return publishing.activate(request);
    },
    scenarios: (process, files) => scenarios(context, process, files),
    folderProblems: () => publishing.reading(),
    readFolders: () => publishing.readFolders(),
    async drafts(actor) {
      return (await store.definitions.drafts()).filter((draft) => draft.owner === actor.id || actor.roles.includes('administrator'));
    },
    async saveDraft(process, files, actor) {
      mustOwn(actor);
      await store.definitions.saveDraft({ process, owner: actor.id, text: JSON.stringify(files), updatedAt: context.clock.now() });
    },
    async dropDraft(process, actor) {
      mustOwn(actor);
      await store.definitions.dropDraft(process, actor.id);
    },
  };
}

function mustOwn(actor: Actor): void {
  const may = actor.roles.some((role) => role === 'process-owner' || role === 'administrator') && !actor.roles.includes('auditor');
  if (!may) throw new EngineError('FORBIDDEN', { needed: ['process-owner', 'administrator'] });
}

async function programOf({ library, store }: EngineContext, process: string, hash: string | undefined): Promise<Program> {
  if (hash === undefined) return library.current(process);
  const row = /^[0-9a-f]{64}$/.test(hash) ? await store.definitions.definition(hash) : null;
  if (!row || row.process !== process) throw new EngineError('VERSION_NOT_FOUND', { process, version: hash });
  return library.load(hash);
}

async function versions({ library, store }: EngineContext, process: string): Promise<readonly VersionView[]> {
  await library.refresh();
  const current = library.activation(process).hash;
  const [definitions, activations] = await Promise.all([store.definitions.definitions(process), store.definitions.activations(process)]);
  const counts = await store.records.countByDefinition(process, COUNT_LIMIT);
  return definitions.map((row) => ({
    ...row,
    current: row.hash === current,
    activations: activations.filter((activation) => activation.hash === row.hash),
    records: counts[row.hash] ?? 0,
  }));
}

/** Runs the scenarios of the version in force, or of texts that are being edited. */
async function scenarios(context: EngineContext, process: string, files: { readonly [file: string]: string } | null): ReturnType<Engine['scenarios']> {
  const { library, publishing } = context;
  const others = new Map(library.keys().map((key) => [key, library.current(key)]));
  if (files === null) return runScenarios(library.current(process), { others, reference: library.reference() });
  const version = await publishing.draft(process, files);
  return runScenarios(version, { others, reference: publishing.shared().reference });
}
