/** The states themselves: keys, ids, types, what each type may have, limits. */
import type { StateSpec } from '../authored.js';
import { initialChild, type Model, nameOf, type StateNode } from '../model.js';
import { joinPointer } from '../pointer.js';
import type { Report } from '../report.js';
import { listed, suggestion } from '../suggest.js';
import { isInherited } from './names.js';

const MAX_STATES = 500;
const MAX_DEPTH = 10;
const MAX_TRANSITIONS = 5_000;

const file = 'statechart.json';
const stateKey = /^[\p{L}\p{N}_](?:[\p{L}\p{M}\p{N} _\-'()&+!?]{0,98}[\p{L}\p{M}\p{N}_\-)!?])?$/u;

export function checkStructure(model: Model, report: Report): void {
  checkLimits(model, report);
  for (const state of model.states) {
    if (state.parent) checkKey(state, report);
    checkType(state, report);
    checkInitial(state, report);
    if (state.type === 'history') checkHistory(state, report);
    else checkNoHistory(state, report);
    if (state.spec.output !== undefined && state.parent && state.type !== 'final')
      report.add('OUTPUT_UNUSED', { file, pointer: `${state.pointer}/output`, what: 'key' }, { state: nameOf(state) });
  }
  checkIds(model, report);
}

function checkLimits({ states, transitions }: Model, report: Report): void {
  const count = states.length - 1;
  if (count > MAX_STATES) report.add('STATES_TOO_MANY', { file, pointer: '/states' }, { count, limit: MAX_STATES });
  if (transitions.length > MAX_TRANSITIONS) report.add('TRANSITIONS_TOO_MANY', { file, pointer: '' }, { count: transitions.length, limit: MAX_TRANSITIONS });
  const deepest = states.reduce<StateNode | null>((deep, state) => (state.depth > (deep?.depth ?? 0) ? state : deep), null);
  if (deepest && deepest.depth > MAX_DEPTH)
    report.add('STATES_TOO_DEEP', { file, pointer: deepest.pointer, what: 'key' }, { count: deepest.depth, limit: MAX_DEPTH });
}

function checkKey(state: StateNode, report: Report): void {
  const place = { file, pointer: state.pointer, what: 'key' } as const;
  if (isInherited(state.key)) report.add('STATE_KEY_RESERVED', place, { key: state.key });
  else if (!stateKey.test(state.key)) report.add('STATE_KEY', place, { key: JSON.stringify(state.key) });
}

function checkType(state: StateNode, report: Report): void {
  const { spec, pointer, children } = state;
  const wrong = (reason: string): void => report.add('STATE_TYPE', { file, pointer: `${pointer}/type` }, { state: nameOf(state), type: state.type, reason });
  if (state.type === 'atomic' && children.length > 0) wrong('it has child states, which would be ignored');
  if (state.type === 'compound' && children.length === 0) wrong('it has no child states');
  if (state.type === 'parallel' && children.length === 0) report.add('PARALLEL_EMPTY', { file, pointer }, { state: nameOf(state) });
  if (!state.parent && (state.type === 'final' || state.type === 'history')) wrong('it is the chart itself');
  if (state.type !== 'final' || !state.parent) return;
  for (const what of ['states', 'on', 'always', 'after', 'onDone', 'initial'] as const) {
    if (isPresent(spec, what))
      report.add('FINAL_CONTINUES', { file, pointer: `${pointer}/${what}`, what: 'key' }, { state: nameOf(state), what: `\`${what}\`` });
  }
}

function isPresent(spec: StateSpec, key: keyof StateSpec): boolean {
  const value = spec[key];
  return value !== undefined && !(typeof value === 'object' && value !== null && Object.keys(value).length === 0);
}

function checkInitial(state: StateNode, report: Report): void {
  const { spec, pointer, children } = state;
  const pointerOf = { file, pointer: `${pointer}/initial` };
  if (spec.initial !== undefined && state.type !== 'compound' && state.type !== 'final') {
    report.add('INITIAL_UNUSED', { ...pointerOf, what: 'key' }, { state: nameOf(state), type: state.type });
    return;
  }
  if (state.type !== 'compound' || children.length === 0) return;
  if (spec.initial === undefined) report.add('INITIAL_MISSING', { file, pointer, what: 'key' }, { state: nameOf(state) });
  else if (!initialChild(state)) {
    const keys = children.map(({ key }) => key);
    report.add('INITIAL_UNKNOWN', pointerOf, { state: nameOf(state), initial: spec.initial, suggestion: suggestion(spec.initial, keys), known: listed(keys) });
  }
}

const historyKeys = new Set(['type', 'history', 'target', 'id', 'description', 'meta', 'tags']);

function checkHistory(state: StateNode, report: Report): void {
  if (!state.parent) return;
  const wrong = (pointer: string, reason: string): void => report.add('HISTORY_MISPLACED', { file, pointer, what: 'key' }, { state: nameOf(state), reason });
  for (const key of Object.keys(state.spec)) {
    if (!historyKeys.has(key)) wrong(joinPointer(state.pointer, key), `it has \`${key}\``);
  }
  if (state.spec.history === false) wrong(`${state.pointer}/history`, 'its `history` is false');
  if (state.parent.children.every(({ type }) => type === 'history')) wrong(state.pointer, 'there is no other state beside it to remember');
  if (state.parent.spec.initial === state.key && state.spec.target === undefined) wrong(state.pointer, 'it is the initial state and has no target');
}

function checkNoHistory(state: StateNode, report: Report): void {
  const { spec, pointer } = state;
  if (spec.target !== undefined) report.add('TARGET_MISPLACED', { file, pointer: `${pointer}/target`, what: 'key' }, { state: nameOf(state), key: 'target' });
  if (spec.history !== undefined && spec.history !== false)
    report.add('TARGET_MISPLACED', { file, pointer: `${pointer}/history`, what: 'key' }, { state: nameOf(state), key: 'history' });
}

/** Every state has an id, declared or made of its path; two alike hide one another. */
function checkIds({ key, files, states }: Model, report: Report): void {
  const declared = files['statechart.json']?.id;
  if (declared !== undefined && declared !== key) report.add('ID_MISMATCH', { file, pointer: '/id' }, { found: declared, key });
  const owners = new Map<string, StateNode>();
  for (const state of states) {
    const other = owners.get(state.id);
    if (!other) {
      owners.set(state.id, state);
      continue;
    }
    const blamed = state.spec.id !== undefined ? state : other;
    report.add(
      'ID_DUPLICATE',
      { file, pointer: blamed.spec.id !== undefined ? `${blamed.pointer}/id` : blamed.pointer },
      { id: state.id, other: (blamed === state ? other : state).path || 'the chart' },
    );
  }
}
