import { describe, expect, it } from 'vitest';
import type { ProcessFiles } from '../../../engine/definitions/authored.js';
import { difference } from '../../../engine/definitions/index.js';

/** JSON whose shape the test knows. */
// biome-ignore lint/suspicious/noExplicitAny: a tree that each test changes somewhere else
type Loose = any;

const before = {
  'statechart.json': {
    initial: 'new',
    states: {
      new: { meta: { title: 'New' }, on: { ASSIGN: { target: 'active', meta: { title: 'Assign', form: ['assignee'] } }, CLOSE: 'closed' } },
      active: { on: { CLOSE: 'closed' } },
      closed: { type: 'final' },
    },
  },
  'form.json': { type: 'object', properties: { assignee: { type: 'string', title: 'Assignee' }, team: { type: 'string', title: 'Team' } } },
  'rules.json': { guards: { urgent: true } },
  'process.json': {
    title: 'Incident',
    clocks: { response: { runs: { in: ['new'] }, target: 'PT1H' } },
    evidence: [{ clause: { '2018': '8.6.1' }, title: 'Incidents', fields: ['team'], every: 'P1M' }],
  },
} as unknown as ProcessFiles;

/** The sentences on a change of the files above. */
function told(change: (files: Record<string, Loose>) => void): readonly string[] {
  const after = structuredClone(before) as unknown as Record<string, Loose>;
  change(after);
  return difference({ files: before }, { files: after as unknown as ProcessFiles }).map(({ sentence }) => sentence);
}

describe('what differs between two versions', () => {
  it('is nothing for the same content written in another way', () => {
    expect(told((files) => (files['statechart.json'].states.active.on.CLOSE = [{ target: 'closed' }]))).toEqual([]);
  });

  it('names states that were added, removed and renamed for people', () => {
    expect(told((files) => (files['statechart.json'].states.waiting = { meta: { title: 'Waiting' } }))).toEqual(['State “Waiting” was added.']);
    expect(told((files) => delete files['statechart.json'].states.active)).toEqual(['State “active” was removed.']);
    expect(told((files) => (files['statechart.json'].states.new.meta.title = 'Fresh'))).toEqual(['State “new” is now called “Fresh”.']);
  });

  it('says what a transition asks for, who may take it and where it leads', () => {
    expect(told((files) => files['statechart.json'].states.new.on.ASSIGN.meta.form.push({ field: 'team', required: true }))).toEqual([
      'Transition “Assign” of “New” now asks for Team.',
    ]);
    expect(told((files) => (files['statechart.json'].states.new.on.ASSIGN.meta.form = [{ field: 'assignee', required: true }]))).toEqual([
      'Transition “Assign” of “New” now requires Assignee.',
    ]);
    expect(told((files) => (files['statechart.json'].states.new.on.ASSIGN.meta.roles = ['service-desk']))).toEqual([
      'Transition “Assign” of “New” is now open to service-desk.',
    ]);
    expect(told((files) => (files['statechart.json'].states.new.on.CLOSE = 'active'))).toEqual([
      'Transition “CLOSE” of “New” now leads to “active” instead of “closed”.',
    ]);
    expect(told((files) => (files['statechart.json'].states.new.on.ASSIGN.guard = 'urgent'))).toEqual([
      'Transition “Assign” of “New” now has the condition “urgent”.',
    ]);
    expect(told((files) => (files['statechart.json'].states.new.on.REOPEN = 'active'))).toEqual(['Transition “REOPEN” of “New” was added.']);
  });

  it('tells evidence by its title', () => {
    const evidence = (files: Record<string, Loose>) => files['process.json'].evidence;
    expect(told((files) => (evidence(files)[0].every = 'P1Y'))).toEqual(['The evidence “Incidents”: every is now “P1Y” instead of “P1M”.']);
    expect(told((files) => evidence(files)[0].fields.push('assignee'))).toEqual(['The evidence “Incidents”: fields was changed.']);
    expect(told((files) => evidence(files).push({ clause: { 2011: '8.1' }, title: 'Reviews' }))).toEqual(['The evidence now has “Reviews”.']);
    expect(told((files) => delete files['process.json'].evidence)).toEqual(['The evidence no longer has “Incidents”.']);
  });

  it('tells fields, rules, clocks and whole files', () => {
    expect(told((files) => delete files['form.json'].properties.team)).toEqual(['Field “Team” was removed.']);
    expect(told((files) => (files['form.json'].properties.team.maxLength = 5))).toEqual(['Field “Team”: maxLength is now 5.']);
    expect(told((files) => (files['rules.json'].guards.urgent = false))).toEqual(['The condition “urgent” was changed.']);
    expect(told((files) => (files['process.json'].clocks.response.target = 'PT2H'))).toEqual(['The clock “response”: target is now “PT2H” instead of “PT1H”.']);
    expect(told((files) => (files['process.json'].title = 'Fault'))).toEqual(['title is now “Fault” instead of “Incident”.']);
    expect(told((files) => (files['messages.json'] = { assigned: 'Yours' }))).toEqual(['The file messages.json was added.']);
  });

  it('gives the place and both values', () => {
    const after = structuredClone(before) as unknown as Record<string, Loose>;
    after['form.json'].properties.team.maxLength = 5;
    expect(difference({ files: before }, { files: after as unknown as ProcessFiles })).toEqual([
      expect.objectContaining({ file: 'form.json', pointer: '/properties/team/maxLength', kind: 'added', before: null, after: 5 }),
    ]);
  });

  it('tells changes of the shared rules a version uses', () => {
    const table = { kind: 'table', inputs: [], output: { name: 'p', type: 'string' }, rows: [], default: 'P3' } as never;
    const told = difference(
      { files: before, policy: { priority: table } },
      { files: before, policy: { priority: { ...(table as object), default: 'P4' } as never } },
    );
    expect(told.map(({ sentence }) => sentence)).toEqual(['The shared rule “priority” was changed at default.']);
  });
});
