import type { DefinitionView } from '../../../engine/index.js';
import { listed } from '../drawing/words.js';
import { evidenceSentences, figureSentences } from './provingStories.js';
import { conditionOf, phraseOf } from './ruleWords.js';
import { stateStories } from './stateStories.js';
import type { ProcessStory, RoleStory } from './story.js';
import { fieldTitle, type Naming, namingOf, roleTitle, stateTitle } from './titles.js';
import { approvalStories, clockStories, scheduleSentences } from './topicStories.js';

/** The whole process in sentences, for people who read no JSON and for those who do not see the drawing. */
export function describeProcess(view: DefinitionView): ProcessStory {
  const naming = namingOf(view);
  const rules = view.files['rules.json'];
  return {
    title: view.summary.title,
    description: view.summary.description,
    beginnings: beginnings(naming),
    states: stateStories(naming),
    roles: roleStories(naming),
    clocks: clockStories(naming),
    approvals: approvalStories(naming),
    schedules: scheduleSentences(naming),
    figures: figureSentences(naming),
    evidence: evidenceSentences(naming),
    checks: Object.entries(rules?.checks ?? {}).map(([, check]) => ({ sentence: conditionOf(check.rule, naming), message: check.message })),
    values: Object.entries(rules?.values ?? {}).map(([field, rule]) => ({
      field: fieldTitle(naming, field),
      sentence: (rules?.descriptions?.[field] ?? `Worked out as ${phraseOf(rule, naming)}`).replace(/\.$/, ''),
    })),
  };
}

function beginnings(naming: Naming): string[] {
  const { create, read, comments } = naming.view.process;
  const roles = (list: readonly string[]): string =>
    listed(
      list.map((role) => roleTitle(naming, role)),
      'or',
    );
  const required = (create?.form ?? []).flatMap((field) => (typeof field !== 'string' && field.required === true ? [fieldTitle(naming, field.field)] : []));
  const named =
    read?.named && read.named.length > 0
      ? `whoever is named as ${listed(
          read.named.map((field) => fieldTitle(naming, field)),
          'or',
        )}`
      : null;
  return [
    create?.roles && create.roles.length > 0 ? `A record is opened by ${roles(create.roles)}.` : 'A record may be opened by whoever is signed in.',
    ...(required.length > 0 ? [`To open one, ${listed(required)} must be given.`] : []),
    ...(naming.chart.root.initial === null ? [] : [`It begins in “${stateTitle(naming, naming.chart.root.initial)}”.`]),
    read?.roles || named
      ? `It may be read by ${[...(read?.roles && read.roles.length > 0 ? [roles(read.roles)] : []), ...(named ? [named] : [])].join(', and by ')}.`
      : 'It may be read by whoever is signed in.',
    ...(comments?.internal && comments.internal.length > 0 ? [`Internal comments are for ${roles(comments.internal)}.`] : []),
  ];
}

/** Who can do what where. Events without roles stand under everyone who may see the record. */
function roleStories(naming: Naming): RoleStory[] {
  const byRole = new Map<string, Map<string, Set<string>>>();
  for (const transition of naming.chart.transitions.filter((each) => each.trigger.kind === 'event')) {
    const { roles, named } = transition.spec.meta ?? {};
    const holders = roles && roles.length > 0 ? roles : named && named.length > 0 ? named.map((field) => `named:${field}`) : ['*'];
    for (const holder of holders) {
      const events = byRole.get(holder) ?? new Map<string, Set<string>>();
      const states = events.get(transition.trigger.title) ?? new Set<string>();
      states.add(transition.source === '' ? 'any state' : stateTitle(naming, transition.source));
      byRole.set(holder, events.set(transition.trigger.title, states));
    }
  }
  return [...byRole].map(([role, events]) => ({
    role,
    title: holderTitle(role, naming),
    events: [...events].map(([title, states]) => ({ title, states: [...states] })),
  }));
}

function holderTitle(role: string, naming: Naming): string {
  if (role === '*') return 'Everyone who may see the record';
  return role.startsWith('named:') ? `Whoever is named as ${fieldTitle(naming, role.slice('named:'.length))}` : roleTitle(naming, role);
}
