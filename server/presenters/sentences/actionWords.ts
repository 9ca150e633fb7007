/** What a transition's actions come to, in words. */
import type { ActionList, ActionSpec, Json } from '../../../engine/index.js';
import { isObject } from '../drawing/chart.js';
import { durationWords } from '../drawing/delayWords.js';
import { humanise, listed, uncapital } from '../drawing/words.js';
import { phraseOf } from './ruleWords.js';
import { fieldTitle, type Naming, roleTitle, stateTitle } from './titles.js';

/** One clause per action: `tells the assignee`, `opens a new record`. Named lists are said by their author's sentence. */
export function actionWords(actions: ActionList | undefined, naming: Naming): string[] {
  const list = actions === undefined ? [] : Array.isArray(actions) ? (actions as readonly (string | ActionSpec)[]) : [actions as string | ActionSpec];
  return list.flatMap((action) => {
    const name = typeof action === 'string' ? action : action.type;
    const words = typeof action === 'string' ? null : builtIn(action, naming);
    return [words ?? namedList(name, naming)];
  });
}

function namedList(name: string, naming: Naming): string {
  const rules = naming.view.files['rules.json'];
  const described = rules?.descriptions?.[name];
  if (described !== undefined) return uncapital(described.trim().replace(/\.$/, ''));
  const inner = (rules?.actions?.[name] ?? []).flatMap((action) =>
    typeof action === 'string' ? [uncapital(humanise(action))] : [builtIn(action, naming) ?? uncapital(humanise(action.type))],
  );
  return inner.length > 0 ? inner.join('; ') : uncapital(humanise(name));
}

function builtIn(action: ActionSpec, naming: Naming): string | null {
  const params = isObject(action.params) ? (action.params as { readonly [name: string]: Json }) : {};
  const say = (value: Json | undefined): string => phraseOf(value, naming);
  switch (action.type) {
    case 'set':
      return `${Object.entries(params)
        .map(([field, value]) => (value === null ? `empties ${fieldTitle(naming, field)}` : `sets ${fieldTitle(naming, field)} to ${say(value)}`))
        .join(', ')}`;
    case 'notify':
      return `tells ${recipients(params.to, naming)}`;
    case 'create':
      return `opens a new record of ${humanise(String(params.process))}${params.link === undefined ? '' : `, linked as “${linkTitle(String(params.link), naming)}”`}`;
    case 'link':
      return `${params.remove === true ? 'takes away' : 'adds'} the link “${linkTitle(String(params.name), naming)}”`;
    case 'signal':
      return `tells ${params.link === undefined ? say(params.to) : `the records linked as “${linkTitle(String(params.link), naming)}”`}: ${uncapital(humanise(String(params.event)))}`;
    case 'raise':
      return `${uncapital(humanise(String(params.event)))} follows${delayed(params.delay)}`;
    case 'cancel':
      return `no longer waits for ${uncapital(humanise(String(params.id)))}`;
    case 'vote':
      return `counts a vote in “${approvalTitle(String(params.approval), naming)}”`;
    case 'webhook':
      return `calls ${String(params.target)}`;
    case 'measure':
      return `measures ${Array.isArray(params.kpis) ? `${params.kpis.length} figure${params.kpis.length === 1 ? '' : 's'}` : 'figures'}`;
    default:
      return null;
  }
}

function delayed(delay: Json | undefined): string {
  return typeof delay === 'string' ? ` after ${durationWords(delay) ?? uncapital(humanise(delay))}` : delay === undefined ? '' : ' later';
}

function recipients(to: Json | undefined, naming: Naming): string {
  if (Array.isArray(to)) return listed(to.map((each) => recipients(each as Json, naming)));
  if (isObject(to)) return computedRecipients(to, naming);
  if (typeof to !== 'string') return 'nobody';
  const [kind, name] = to.split(':');
  if (name === undefined) return to;
  return kind === 'role' ? `all with the role ${roleTitle(naming, name)}` : `team ${humanise(name)}`;
}

/** `the assignee, else the team, else all with the role Service desk`. */
function computedRecipients(rule: { readonly [operator: string]: Json }, naming: Naming): string {
  const branches = rule.if;
  if (Array.isArray(branches))
    return branches
      .filter((_, index) => index % 2 === 1 || index === branches.length - 1)
      .map((branch) => recipients(branch as Json, naming))
      .join(', else ');
  const path = rule.var;
  const field = (name: string): string => uncapital(fieldTitle(naming, name.replace(/^(record|event)\./, '')));
  if (path === 'actor.id') return 'the person acting';
  if (typeof path === 'string') return `the ${field(path)}`;
  const parts = rule.cat;
  const named = Array.isArray(parts) && isObject(parts[1]) ? (parts[1] as { readonly var?: Json }).var : undefined;
  return typeof named === 'string' ? `the ${field(named)}` : phraseOf(rule, naming);
}

function linkTitle(name: string, naming: Naming): string {
  return naming.view.process.links?.[name]?.title ?? humanise(name);
}

function approvalTitle(name: string, naming: Naming): string {
  return naming.view.process.approvals?.[name]?.title ?? humanise(name);
}

/** `it is in New or Active`. */
export function statesWords(paths: readonly string[], naming: Naming, joiner: 'and' | 'or' = 'or'): string {
  return listed(
    paths.map((path) => `“${stateTitle(naming, path)}”`),
    joiner,
  );
}
