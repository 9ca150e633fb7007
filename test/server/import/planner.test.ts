import { describe, expect, it } from 'vitest';
import { loadMapping } from '../../../server/import/mapping.js';
import { planCreation, planRow, type RowPlan } from '../../../server/import/planner.js';
import { readCases } from '../../../server/import/reader.js';
import type { SourceCase } from '../../../server/import/source.js';
import type { Cells } from '../../../server/import/values.js';
import { excerpt, mappingFile } from './files.js';

const mapping = await loadMapping(mappingFile);
const cases = new Map<string, SourceCase>();
for await (const source of readCases(excerpt, 'number')) cases.set(source.key, source);
const base = [...cases.values()][0]?.rows[0]?.cells ?? {};

/** The steps from one row to another that differs in `change`, from a state on. */
function between(from: Cells, change: Cells): RowPlan {
  return planRow(mapping, { ...base, ...from }, { cells: { ...base, ...from, ...change }, first: false });
}

const sent = (plan: RowPlan): unknown[] => plan.steps.map((step) => [step.type, step.data]);

describe('planning the creation', () => {
  it('makes the record at the instant it was opened, by whoever opened it', () => {
    const plan = planCreation(mapping, base);
    expect(plan.at).toBe(Date.UTC(2016, 1, 29, 1, 16));
    expect(plan.actor).toEqual({ id: 'opened-by-8', roles: ['service-desk', 'support-agent'], teams: [] });
    expect(plan.data).toMatchObject({ sourceNumber: 'INC0000045', caller: 'Caller 2403', impact: 'medium', team: 'group-56', source: 'ServiceNow' });
    expect(plan.data).not.toHaveProperty('assignee');
  });

  it('names a stand-in where nobody knows who opened it, and says unknown where a form asks', () => {
    const plan = planCreation(mapping, { ...base, opened_by: '?', caller_id: '?' });
    expect(plan.actor.id).toBe('unknown-opener');
    expect(plan.data.caller).toBe('unknown');
  });

  it.each([
    ['opened_at', '30/2/2016 01:16', 'instant-invalid'],
    ['opened_at', '?', 'instant-unknown'],
    ['impact', '5 - None', 'value-not-in-table'],
    ['assigned_to', '***', 'name-unusable'],
  ])('is refused where %s is %j', (column, cell, kind) => {
    expect(() => planCreation(mapping, { ...base, [column]: cell })).toThrow(expect.objectContaining({ kind }));
  });
});

describe('planning a row', () => {
  it('sends one event for one change', () => {
    expect(sent(between({ incident_state: 'New' }, { assignment_group: 'Group 7' }))).toEqual([['REASSIGN', { team: 'group-7' }]]);
    expect(sent(between({ incident_state: 'Active' }, { urgency: '1 - High' }))).toEqual([['UPDATE', { urgency: 'high' }]]);
  });

  it('lets the change of state carry what its form asks for, and sends the rest after it', () => {
    expect(sent(between({ incident_state: 'New', assigned_to: '?' }, { incident_state: 'Active', assigned_to: 'Resolver 3' }))).toEqual([
      ['START', { assignee: 'resolver-3' }],
    ]);
    const plan = between(
      { incident_state: 'Active', knowledge: 'false' },
      { incident_state: 'Resolved', knowledge: 'true', made_sla: 'false', assignment_group: 'Group 7' },
    );
    expect(sent(plan)).toEqual([
      ['RESOLVE', { resolutionCode: 'unknown', knowledge: true }],
      ['REASSIGN', { team: 'group-7' }],
      ['UPDATE', { sourceMadeSla: false }],
    ]);
  });

  it('clears what is no longer known, and hands to the unknown team what nobody has', () => {
    expect(sent(between({ incident_state: 'Active', assignment_group: 'Group 1', assigned_to: 'Resolver 3' }, { assigned_to: '?' }))).toEqual([
      ['REASSIGN', { assignee: null }],
    ]);
    expect(
      sent(between({ incident_state: 'Active', assignment_group: 'Group 1', assigned_to: 'Resolver 3' }, { assignment_group: '?', assigned_to: '?' })),
    ).toEqual([['REASSIGN', { team: 'unknown-team', assignee: null }]]);
  });

  it('opens a closed case again before anything else is done to it', () => {
    expect(sent(between({ incident_state: 'Closed' }, { incident_state: 'Active', assignment_group: 'Group 2' }))[0]).toEqual([
      'REOPEN',
      { reopenReason: 'unknown' },
    ]);
  });

  it('sends a note where the row says that somebody wrote an update but not what', () => {
    const plan = between({ incident_state: 'Closed' }, { sys_mod_count: '9' });
    expect(plan.same).toBe(true);
    expect(sent(plan)).toEqual([['NOTE', {}]]);
  });

  it('never gives resolving what only the end of the log knows', () => {
    const plan = between({ incident_state: 'Active' }, { incident_state: 'Resolved' });
    expect(sent(plan)).toEqual([['RESOLVE', { resolutionCode: 'unknown' }]]);
  });

  it('tells a state that the mapping does not know, and a change that no rule carries', () => {
    expect(between({ incident_state: 'New' }, { incident_state: '-100' }).problems).toMatchObject([{ kind: 'state-unknown' }]);
    expect(between({ incident_state: 'Closed' }, { incident_state: 'New' }).problems).toMatchObject([{ kind: 'no-rule: Closed > New' }]);
    expect(between({ incident_state: 'New' }, { contact_type: 'Email' }).problems).toMatchObject([{ kind: 'no-rule: contact_type' }]);
  });

  it('keeps the other steps of a row of which one value can not be read', () => {
    const plan = between({ incident_state: 'Active' }, { impact: 'Huge', assignment_group: 'Group 9' });
    expect(sent(plan)).toEqual([['REASSIGN', { team: 'group-9' }]]);
    expect(plan.problems).toMatchObject([{ kind: 'value-not-in-table', message: expect.stringContaining('"Huge"') }]);
  });

  it('refuses the row where instant or actor can not be read', () => {
    expect(() => between({}, { sys_updated_at: 'yesterday' })).toThrow(expect.objectContaining({ kind: 'instant-invalid' }));
    expect(() => between({}, { sys_updated_by: '?' })).toThrow(expect.objectContaining({ kind: 'actor-unknown' }));
  });

  it('brings every case of the excerpt through but the one with a fault of the source', () => {
    const problems: string[] = [];
    for (const source of cases.values()) {
      let before: Cells = planCreation(mapping, source.rows[0]?.cells ?? {}).before;
      source.rows.forEach((row, index) => {
        const plan = planRow(mapping, before, { cells: row.cells, first: index === 0 });
        problems.push(...plan.problems.map((problem) => `${source.key} ${problem.kind}`));
        const covered = plan.steps.flatMap((step) => step.covers).map((column) => [column, row.cells[column] ?? '']);
        before = { ...before, ...Object.fromEntries(covered) };
      });
    }
    expect(problems).toEqual(['INC0028089 state-unknown', 'INC0028089 state-unknown']);
  });
});

describe('hostile cells', () => {
  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('%s is a word like any other', (word) => {
    expect(between({ incident_state: 'New' }, { incident_state: word }).problems).toMatchObject([{ kind: 'state-unknown' }]);
    expect(() => planCreation(mapping, { ...base, impact: word })).toThrow(expect.objectContaining({ kind: 'value-not-in-table' }));
    expect(planCreation(mapping, { ...base, category: word }).data.category).toBe(word);
  });

  it('appear in messages short and without control characters', () => {
    const [problem] = between({ incident_state: 'New' }, { incident_state: `\u001b[2J\n${'x'.repeat(5000)}` }).problems;
    expect(problem?.message.length).toBeLessThan(200);
    expect(problem?.message).not.toMatch(/\p{Cc}/u);
  });
});
