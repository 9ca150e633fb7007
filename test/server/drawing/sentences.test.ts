import { describe, expect, it } from 'vitest';
import type { DefinitionView } from '../../../engine/index.js';
import { describeDrawing } from '../../../server/presenters/sentences/describeDrawing.js';
import { describeProcess } from '../../../server/presenters/sentences/describeProcess.js';
import { incident } from './charts.js';

const view = {
  files: incident,
  form: incident['form.json'],
  process: {
    ...incident['process.json'],
    kpis: {
      solved: { title: 'Solved', unit: '%', target: 90, measure: { percent: { in_state: 'resolved' }, of: { present: { var: 'record.resolution' } } } },
      worked: { title: 'Worked', description: 'Hours of work.', direction: 'down', target: 5, measure: { sum: { var: 'record.hours' } } },
    },
    evidence: [{ clause: { '2018': '8.6.1', '2011': '8.1' }, title: 'Incidents solved', fields: ['resolution'], when: { in_state: 'resolved' }, every: 'P1M' }],
    approvals: {
      closing: {
        title: 'Closing approval',
        state: 'resolved',
        binds: ['resolution'],
        steps: [{ name: 'manager', title: 'Manager', voters: { roles: ['incident-manager'] }, quorum: 'any' }],
      },
    },
  },
  policy: { roles: { kind: 'roles', roles: { 'service-desk': { title: 'Service desk' }, 'incident-manager': { title: 'Incident manager' } } } },
  summary: { title: 'Incident', description: 'Restore service.' },
} as unknown as DefinitionView;
const story = describeProcess(view);
const state = (title: string) => story.states.find((each) => each.title === title);

describe('a process in sentences', () => {
  it('tells what it is measured by and what its records prove', () => {
    expect(story.figures).toEqual([
      'Solved: aims at 90 % or more; the share of the records for which it is in “Resolved”, among those for which resolution is filled in.',
      'Worked: aims at 5 or less; hours of work.',
    ]);
    expect(story.evidence).toEqual([
      'Incidents solved (8.6.1, 8.1 in 2011): proven by records in which Resolution is filled in, of those for which it is in “Resolved”; wanted every month.',
    ]);
  });

  it('tells every state but history, what it is and what it holds', () => {
    expect(story.states.map((each) => each.title)).toEqual([
      'In any state',
      'New',
      'In progress',
      'Work',
      'Working',
      'Waiting for user',
      'Waiting for vendor',
      'Major incident',
      'Normal',
      'Major',
      'Reviewed',
      'Resolved',
      'Closed',
      'Cancelled',
    ]);
    expect(state('In progress')?.kind).toBe('“Work” and “Major incident” go on side by side.');
    expect(state('Work')?.kind).toBe('Holds “Working”, “Waiting for user” and “Waiting for vendor”; begins with “Working”.');
    expect(state('Closed')?.kind).toMatch(/^The end/);
  });

  it('tells of each step who may take it, when, what is asked and what follows', () => {
    expect(state('New')?.steps[0]).toMatchObject({
      title: 'Assign',
      who: 'Service desk',
      when: { sentence: 'Somebody is named to work on it', detail: 'Assignee given is filled in' },
      asked: [
        { title: 'Team', required: false },
        { title: 'Assignee', required: true },
      ],
      leads: 'leads to “In progress”',
    });
    expect(state('Working')?.steps.find((each) => each.event === 'NOTE')).toMatchObject({ who: 'Everyone who may see the record', leads: 'stays where it is' });
  });

  it('tells what happens by itself, and after how long', () => {
    expect(state('Waiting for user')?.byItself).toEqual([
      'A comment is written, if the requester wrote it: leads to “Working”.',
      'After 5 days: leads to “Resolved”.',
    ]);
    expect(state('Resolved')?.byItself).toEqual(['After 7 days: leads to “Closed”.']);
    expect(state('New')?.byItself[0]).toBe('After 4 hours of working time: tells all with the role Incident manager.');
  });

  it('says a history state by what it means', () => {
    expect(state('Waiting for vendor')?.steps[0]?.leads).toBe('leads to where “Work” was left');
  });

  it('lists the events by role, with the states in which they can be taken', () => {
    expect(story.roles.find((each) => each.title === 'Incident manager')?.events).toEqual([{ title: 'Declare major', states: ['Normal'] }]);
  });

  it('tells clocks and approvals', () => {
    expect(story.clocks[0]).toEqual({
      title: 'Time to resolve',
      sentences: [
        'Its target is 8 hours, counted in the working time of “Support”.',
        'It runs in “New” or “In progress”.',
        'It pauses in “Waiting for user”.',
        'It stops in “Resolved” or “Closed”.',
        'It warns when 75 % of the target are used up.',
      ],
    });
    expect(story.approvals[0]?.sentences).toContain('All with the role Incident manager vote; one approval is enough.');
  });

  it('tells a definition that is only a statechart', () => {
    const bare = {
      files: { 'statechart.json': { id: 'bare', initial: 'a', states: { a: { on: { GO: 'b' } }, b: { type: 'final' } } } },
      form: { type: 'object', properties: {} },
      process: {},
      policy: {},
      summary: { title: 'bare', description: '' },
    } as unknown as DefinitionView;
    expect(describeProcess(bare).states[0]?.steps[0]).toMatchObject({ title: 'Go', leads: 'leads to “B”' });
  });
});

describe('a drawing in words', () => {
  it('says where the record is, the path it took, and how each state stands', () => {
    const text = describeDrawing(view, {
      current: ['active', 'active.work', 'active.work.working', 'active.major', 'active.major.normal'],
      taken: [
        { from: [], event: 'record.created', to: ['new'] },
        { from: ['new'], event: 'EDIT', to: ['new'] },
        { from: ['new'], event: 'ASSIGN', to: ['active', 'active.work', 'active.work.working', 'active.major', 'active.major.normal'] },
      ],
    });
    expect(text.here).toBe('The record is in Working and Normal.');
    expect(text.path).toEqual(['Opened: to New', 'Edit: stayed in New', 'Assign: from New to Working and Normal']);
    expect(text.states.find((each) => each.title === 'Working')?.standing).toBe('current');
    expect(text.states.find((each) => each.title === 'New')?.standing).toBe('visited');
    expect(text.states.find((each) => each.title === 'Closed')?.standing).toBe('never');
    expect(text.states.find((each) => each.title === 'New')?.lines).toContain('Assign, if somebody is named to work on it: to In progress');
  });
});
