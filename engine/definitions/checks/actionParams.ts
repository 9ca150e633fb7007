/** What the parameters of each built-in action name: fields, events, approvals, links, processes, messages, roles. */
import type { JsonObject } from '../authored.js';
import type { Model, PlacedAction } from '../model.js';
import { type BuiltInAction, creationFields, isEngineEvent } from '../normal.js';
import { joinPointer } from '../pointer.js';
import type { Report } from '../report.js';
import type { CheckContext } from './check.js';
import { checkFieldValue } from './fieldValues.js';
import { checkMeasure } from './figures.js';
import { checkComing, checkKnown, ownKeys } from './names.js';
import { isRuleValue } from './ruleValues.js';

interface Around {
  readonly model: Model;
  readonly report: Report;
  readonly context: CheckContext;
}

type ParamCheck = (action: PlacedAction, params: JsonObject, around: Around) => void;

export const actionParamChecks: { readonly [action in BuiltInAction]?: ParamCheck } = {
  set: checkSet,
  vote: checkVote,
  raise: checkRaise,
  cancel: checkCancel,
  create: checkCreate,
  link: (action, params, around) => checkLink(action, { name: params.name, key: 'name' }, around),
  signal: checkSignal,
  notify: checkNotify,
  measure: checkMeasure,
};

function checkSet({ file, pointer }: PlacedAction, params: JsonObject, { model, report, context }: Around): void {
  if (context.unreadable.has('form.json')) return;
  for (const [field, value] of Object.entries(params)) {
    const at = { file, pointer: joinPointer(`${pointer}/params`, field) };
    if (!checkKnown(field, model.fields, report, { code: 'FIELD_UNKNOWN', fact: 'field', ...at })) continue;
    if (value !== null && !isRuleValue(value)) checkFieldValue(field, { schema: model.fields.get(field), value }, { report, ...at });
  }
}

function checkVote({ file, pointer }: PlacedAction, params: JsonObject, { model, report, context }: Around): void {
  if (context.unreadable.has('process.json') || typeof params.approval !== 'string') return;
  checkKnown(params.approval, ownKeys(model.files['process.json']?.approvals), report, {
    code: 'APPROVAL_UNKNOWN',
    fact: 'name',
    file,
    pointer: `${pointer}/params/approval`,
  });
}

function checkRaise({ file, pointer }: PlacedAction, params: JsonObject, { model, report }: Around): void {
  if (typeof params.event !== 'string' || model.states.length === 0) return;
  const place = { file, pointer: `${pointer}/params/event` };
  if (isEngineEvent(params.event) || params.event.includes('*'))
    report.add('ACTION_INCOMPLETE', place, { name: 'raise', reason: `${params.event} is an event of the engine, which nothing else may send` });
  else checkKnown(params.event, model.events, report, { code: 'EVENT_UNKNOWN', fact: 'event', ...place });
}

function checkCancel({ file, pointer }: PlacedAction, params: JsonObject, { model, report }: Around): void {
  if (typeof params.id !== 'string') return;
  const ids = model.actions.flatMap(({ spec }) => (spec.type === 'raise' && typeof spec.params?.id === 'string' ? [spec.params.id] : []));
  checkKnown(params.id, new Set(ids), report, { code: 'CANCEL_UNKNOWN', fact: 'id', file, pointer: `${pointer}/params/id` });
}

function checkCreate(action: PlacedAction, params: JsonObject, around: Around): void {
  const { model, report } = around;
  const { file, pointer } = action;
  if (typeof params.process !== 'string') return;
  if (params.link !== undefined) checkLink(action, { name: params.link, key: 'link' }, around);
  if (!checkComing(params.process, { file, pointer: `${pointer}/params/process` }, { model, report })) return;
  checkCreationData(params.process, (params.data ?? {}) as JsonObject, { model, report, file, pointer: `${pointer}/params/data` });
}

/** Data with which a record of a process is made: its fields must exist. `literal`: nothing in it is worked out. */
export function checkCreationData(
  process: string,
  data: JsonObject,
  { model, report, file, pointer, literal }: { model: Model; report: Report; file: string; pointer: string; literal?: boolean },
): void {
  const other = process === model.key ? { form: model.files['form.json'], process: model.files['process.json'] } : model.around.processes.get(process);
  const form = other?.form;
  const fields = new Map(Object.entries(form?.properties ?? {}));
  for (const [field, value] of Object.entries(data)) {
    const at = { file, pointer: joinPointer(pointer, field) };
    if (!checkKnown(field, fields, report, { code: 'FIELD_UNKNOWN', fact: 'field', ...at })) continue;
    if (literal || !isRuleValue(value)) checkFieldValue(field, { schema: fields.get(field), value }, { report, ...at });
  }
  if (!literal) return;
  const asked = creationFields({ 'statechart.json': {}, ...(form ? { 'form.json': form } : {}), ...(other?.process ? { 'process.json': other.process } : {}) });
  for (const { field, required, default: preset } of asked) {
    if (required && preset === undefined && fields.has(field) && !Object.hasOwn(data, field) && fields.get(field)?.default === undefined)
      report.add('CREATION_INCOMPLETE', { file, pointer }, { process, field });
  }
}

function checkLink({ file, pointer, spec }: PlacedAction, { name, key }: { name: unknown; key: string }, { model, report, context }: Around): void {
  if (typeof name !== 'string' || context.unreadable.has('process.json')) return;
  const place = { file, pointer: `${pointer}/params/${key}` };
  const links = model.files['process.json']?.links ?? {};
  if (!checkKnown(name, ownKeys(links), report, { code: 'LINK_UNKNOWN', fact: 'name', ...place })) return;
  const { reverse, shared } = links[name] ?? {};
  if (spec.type === 'signal' ? shared !== undefined : (reverse ?? shared) !== undefined) {
    const reason = spec.type === 'signal' ? 'siblings are not told' : 'records are linked at the other end';
    report.add('LINK_SEEN', place, { name, reason });
  }
}

function checkSignal(action: PlacedAction, params: JsonObject, around: Around): void {
  const { file, pointer } = action;
  const place = { file, pointer: `${pointer}/params` };
  if (typeof params.event === 'string' && isEngineEvent(params.event))
    around.report.add(
      'ACTION_INCOMPLETE',
      { file, pointer: `${pointer}/params/event` },
      { name: 'signal', reason: 'the event must be named without the process and without a dot' },
    );
  if (params.link === undefined && params.to === undefined)
    around.report.add('ACTION_INCOMPLETE', place, { name: 'signal', reason: 'neither `link` nor `to` says which record it is for' });
  if (params.link !== undefined) checkLink(action, { name: params.link, key: 'link' }, around);
}

function checkNotify({ file, pointer }: PlacedAction, params: JsonObject, { model, report, context }: Around): void {
  if (typeof params.message === 'string' && !context.unreadable.has('messages.json')) {
    checkKnown(params.message, knownMessages(model), report, { code: 'MESSAGE_UNKNOWN', fact: 'name', file, pointer: `${pointer}/params/message` });
  }
  const { to } = params;
  const names =
    typeof to === 'string' ? [[to, `${pointer}/params/to`]] : Array.isArray(to) ? to.map((name, index) => [name, `${pointer}/params/to/${index}`]) : [];
  for (const [name, at] of names as [unknown, string][]) {
    if (typeof name === 'string' && name.startsWith('role:'))
      checkKnown(name.slice('role:'.length), model.roles, report, { code: 'ROLE_UNKNOWN', fact: 'role', file, pointer: at });
  }
}

/** Messages of the process and of the shared sets. */
function knownMessages({ files, around }: Model): ReadonlySet<string> {
  const shared = Object.values(around.shared.policy).flatMap((file) => (file.kind === 'messages' ? Object.keys(file.messages) : []));
  const own = Object.keys(files['messages.json'] ?? {}).filter((name) => name !== '$schema');
  return new Set([...own, ...shared]);
}
