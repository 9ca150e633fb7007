import type { ChartState, ChartTransition } from '../drawing/chart.js';
import { capital, listed, uncapital } from '../drawing/words.js';
import { actionWords } from './actionWords.js';
import { ruleStory } from './ruleWords.js';
import type { StateStory, StepStory } from './story.js';
import { fieldTitle, type Naming, quotedState, roleTitle, stateTitle } from './titles.js';

/** Every state in document order, the root first when something can be done in all of them. */
export function stateStories(naming: Naming): StateStory[] {
  return [...naming.chart.states.values()].flatMap((state) => {
    if (state.kind === 'history') return [];
    const story = stateStory(state, naming);
    return state.path === '' && story.steps.length + story.byItself.length + story.notes.length === 0 ? [] : [story];
  });
}

function stateStory(state: ChartState, naming: Naming): StateStory {
  const mine = naming.chart.transitions.filter((each) => each.source === state.path);
  return {
    path: state.path,
    anchor: `state-${state.path.replace(/[^\w-]+/g, '-') || 'any'}`,
    title: state.path === '' ? 'In any state' : state.title,
    depth: Math.max(0, state.depth - 1),
    kind: kindWords(state, naming),
    description: state.path === '' ? null : state.description,
    notes: [...noted('On entering it', actionWords(state.spec.entry, naming)), ...noted('On leaving it', actionWords(state.spec.exit, naming))],
    steps: mine.filter((each) => each.trigger.kind === 'event').map((each) => stepStory(each, naming)),
    byItself: mine.filter((each) => each.trigger.kind !== 'event' && each.trigger.kind !== 'default').map((each) => bySelf(each, naming)),
  };
}

function noted(when: string, clauses: readonly string[]): string[] {
  return clauses.length === 0 ? [] : [`${when}: ${clauses.join('; ')}.`];
}

function kindWords(state: ChartState, naming: Naming): string | null {
  const inside = state.children.filter((child) => child.kind !== 'history').map((child) => `“${child.title}”`);
  if (state.kind === 'final') return state.depth === 1 ? 'The end: nothing more can happen to the record.' : 'The end of this part.';
  if (state.kind === 'parallel' && inside.length > 0) return `${listed(inside)} go on side by side.`;
  if (state.kind !== 'compound' || state.path === '') return null;
  return state.initial === null ? `Holds ${listed(inside)}.` : `Holds ${listed(inside)}; begins with “${stateTitle(naming, state.initial)}”.`;
}

function stepStory(transition: ChartTransition, naming: Naming): StepStory {
  const { meta, description } = transition.spec;
  return {
    event: transition.trigger.event,
    title: transition.trigger.title,
    description: description ?? null,
    who: whoWords(transition, naming),
    when: transition.guard === null ? null : ruleStory(transition.guard, naming.view.files['rules.json']?.guards?.[transition.guard], naming),
    asked: (meta?.form ?? []).map((field) =>
      typeof field === 'string'
        ? { title: fieldTitle(naming, field), required: false }
        : { title: fieldTitle(naming, field.field), required: field.required === true },
    ),
    leads: leadsTo(transition, naming),
    effects: actionWords(transition.spec.actions, naming).map(capital),
    emphasis: meta?.emphasis ?? null,
  };
}

function whoWords(transition: ChartTransition, naming: Naming): string {
  const { roles, named } = transition.spec.meta ?? {};
  const holders =
    roles && roles.length > 0
      ? listed(
          roles.map((role) => roleTitle(naming, role)),
          'or',
        )
      : null;
  const people =
    named && named.length > 0
      ? `whoever is named as ${listed(
          named.map((field) => fieldTitle(naming, field)),
          'or',
        )}`
      : null;
  if (holders !== null && people !== null) return `${holders}, if ${people.replace('whoever is ', '')}`;
  return holders ?? (people === null ? 'Everyone who may see the record' : capital(people));
}

function leadsTo(transition: ChartTransition, naming: Naming): string {
  if (transition.lost.length > 0) return `leads to ${listed(transition.lost.map((target) => `“${target}”`))}, which does not exist`;
  if (transition.targets.length === 0) return 'stays where it is';
  if (transition.targets.every((target) => target === transition.source)) return 'begins the same state again';
  return `leads to ${listed(transition.targets.map((target) => quotedState(naming, target)))}`;
}

/** `After 5 days: leads to “Closed”, if …; tells the requester.` */
function bySelf(transition: ChartTransition, naming: Naming): string {
  const condition =
    transition.guard === null
      ? ''
      : `, if ${uncapital(ruleStory(transition.guard, naming.view.files['rules.json']?.guards?.[transition.guard], naming).sentence)}`;
  const effects = actionWords(transition.spec.actions, naming);
  const clauses = [...(transition.targets.length + transition.lost.length > 0 || effects.length === 0 ? [leadsTo(transition, naming)] : []), ...effects];
  return `${transition.trigger.title}${condition}: ${clauses.join('; ')}.`;
}
