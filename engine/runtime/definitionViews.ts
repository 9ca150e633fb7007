/** Definitions as pages and the API show them. */
import { mayCreate, readRight } from '../core/access.js';
import { isInternalName } from '../core/internal.js';
import type { Program } from '../core/program.js';
import { stateType, walkStates } from '../definitions/index.js';
import type { DefinitionView, ProcessSummary } from '../engine.js';
import type { Actor, JsonObject } from '../types.js';
import type { EngineContext } from './context.js';

export function processSummary({ library }: EngineContext, program: Program, actor: Actor): ProcessSummary {
  const { process, key } = program;
  const activation = library.has(key) ? library.activation(key) : null;
  const title = process.title ?? key;
  return {
    key,
    title,
    plural: process.plural ?? title,
    description: process.description ?? '',
    group: process.group ?? 'Other',
    owner: process.owner ?? null,
    prefix: process.prefix ?? '',
    clauses: { '2018': process.clauses?.['2018'] ?? [], '2011': process.clauses?.['2011'] ?? [] },
    version: activation?.hash ?? program.hash,
    activatedAt: activation?.at ?? 0,
    mayCreate: mayCreate(process, actor),
    mayRead: readRight(process, actor) !== 'none',
    readsAll: readRight(process, actor) === 'all',
  };
}

export function definitionView(context: EngineContext, program: Program, actor: Actor): DefinitionView {
  return {
    summary: processSummary(context, program, actor),
    hash: program.hash,
    files: program.files,
    policy: program.policy as unknown as JsonObject,
    form: program.form,
    process: program.process,
    states: statesOf(program),
    events: [...program.kernel.events].filter((event) => !isInternalName(event)).map((type) => ({ type, title: program.eventTitle(type) })),
  };
}

function statesOf(program: Program): DefinitionView['states'] {
  const states: DefinitionView['states'][number][] = [];
  walkStates(program.files['statechart.json'], (path, spec) => {
    if (path === '') return;
    states.push({ path, title: program.kernel.stateTitle(path), type: stateType(spec), depth: path.split('.').length, description: spec.description ?? null });
  });
  return states;
}
