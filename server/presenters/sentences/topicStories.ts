/** Clocks, approvals, schedules: what runs beside the states. */
import type { ApprovalSpec, ApprovalStepSpec, ClockSpec, Condition, Quorum } from '../../../engine/index.js';
import { capital, counted, humanise, listed } from '../drawing/words.js';
import { statesWords } from './actionWords.js';
import { conditionOf, phraseOf, targetWords } from './ruleWords.js';
import type { TopicStory } from './story.js';
import { fieldTitle, type Naming, roleTitle, stateTitle } from './titles.js';

export function clockStories(naming: Naming): TopicStory[] {
  return Object.entries(naming.view.process.clocks ?? {}).map(([name, clock]) => ({
    title: clock.title ?? humanise(name),
    sentences: clockSentences(clock, naming),
  }));
}

function clockSentences(clock: ClockSpec, naming: Naming): string[] {
  return [
    `Its target is ${targetWords(clock.target, naming)}.`,
    `It runs in ${holds(clock.runs, naming)}.`,
    ...(clock.pauses ? [`It pauses in ${holds(clock.pauses, naming)}.`] : []),
    ...(clock.stops ? [`It stops in ${holds(clock.stops, naming)}.`] : []),
    ...(clock.warnings && clock.warnings.length > 0
      ? [`It warns when ${listed(clock.warnings.map((fraction) => `${Math.round(fraction * 100)} %`))} of the target are used up.`]
      : []),
    ...(clock.onRestart === 'restart' ? ['When it runs again after it stopped, it counts from the beginning.'] : []),
    ...(clock.restartOn && clock.restartOn.length > 0
      ? [
          `It counts from the beginning after ${listed(
            clock.restartOn.map((event) => `“${eventTitle(event, naming)}”`),
            'or',
          )}.`,
        ]
      : []),
  ];
}

function holds(condition: Condition, naming: Naming): string {
  return `${statesWords(condition.in, naming)}${condition.when === undefined ? '' : `, while ${conditionOf(condition.when, naming)}`}`;
}

function eventTitle(event: string, naming: Naming): string {
  return naming.chart.transitions.find((each) => each.trigger.event === event)?.trigger.title ?? humanise(event);
}

export function approvalStories(naming: Naming): TopicStory[] {
  return Object.entries(naming.view.process.approvals ?? {}).map(([name, approval]) => ({
    title: approval.title ?? humanise(name),
    sentences: approvalSentences(approval, naming),
  }));
}

function approvalSentences(approval: ApprovalSpec, naming: Naming): string[] {
  const many = approval.steps.length > 1;
  return [
    `It begins whenever “${stateTitle(naming, approval.state)}” is entered.`,
    ...approval.steps
      .map(
        (step, index) =>
          `${many ? `Step ${index + 1}, ${step.title ?? humanise(step.name)}: ` : ''}${votersWords(step, naming)} ${many ? 'vote' : 'vote'}; ${quorumWords(step.quorum)}${step.when === undefined ? '' : `. Skipped unless ${conditionOf(step.when, naming)}`}.`,
      )
      .map(capital),
    ...(approval.exclude && approval.exclude.length > 0 ? [`Not entitled to vote: ${listed(approval.exclude.map((rule) => phraseOf(rule, naming)))}.`] : []),
    ...(approval.binds.length > 0
      ? [
          `It lapses when ${listed(
            approval.binds.map((field) => fieldTitle(naming, field)),
            'or',
          )} changes.`,
        ]
      : []),
    approval.standIns === false ? 'Stand-ins may not vote.' : 'Stand-ins may vote for those who are absent.',
  ];
}

function votersWords(step: ApprovalStepSpec, naming: Naming): string {
  const { roles, teams, users } = step.voters;
  return listed([
    ...(roles && roles.length > 0
      ? [
          `all with the role ${listed(
            roles.map((role) => roleTitle(naming, role)),
            'or',
          )}`,
        ]
      : []),
    ...(teams === undefined ? [] : [`the members of ${phraseOf(teams, naming)}`]),
    ...(users === undefined ? [] : [phraseOf(users, naming)]),
  ]);
}

function quorumWords(quorum: Quorum): string {
  if (quorum === 'all') return 'all must approve';
  if (quorum === 'any') return 'one approval is enough';
  if (quorum === 'first') return 'the first vote decides';
  return 'number' in quorum ? `${counted(quorum.number, 'approval')} ${quorum.number === 1 ? 'is' : 'are'} needed` : `${quorum.percent} % must approve`;
}

export function scheduleSentences(naming: Naming): string[] {
  return Object.entries(naming.view.process.schedules ?? {}).map(
    ([name, schedule]) =>
      `${schedule.title ?? humanise(name)}: opens a record${schedule.create.process === undefined ? '' : ` of ${humanise(schedule.create.process)}`} by itself on the schedule ${schedule.cron} (${schedule.timezone ?? 'UTC'}).`,
  );
}
