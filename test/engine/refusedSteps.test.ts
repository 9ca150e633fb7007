import { describe, expect, it } from 'vitest';
import { note, refusal, running } from './running.js';

describe('a step that cannot be taken', () => {
  const form = { type: 'object', properties: { amount: { type: 'number' }, limit: { type: 'number', default: 100 }, log: { type: 'string', default: '' } } };
  const processes = {
    spend: {
      'statechart.json': {
        id: 'spend',
        initial: 'open',
        states: {
          open: {
            on: {
              PAY: { target: 'paid', guard: 'affordable', meta: { form: ['amount'] } },
              SPLIT: [
                { target: 'paid', guard: 'perHead' },
                { target: 'open', actions: note('else') },
              ],
            },
          },
          paid: {},
        },
      },
      'rules.json': {
        guards: {
          affordable: { '<=': [{ var: ['record.amount', 0] }, { var: ['record.limit', 0] }] },
          perHead: { '>': [{ '/': [100, { var: ['record.amount', 0] }] }, 5] },
        },
        descriptions: { affordable: 'It costs no more than the limit.' },
        checks: { positive: { rule: { '>=': [{ var: ['record.amount', 0] }, 0] }, message: 'An amount is never negative.', field: 'amount' } },
      },
      'form.json': form,
    },
  };

  it('says which guard refused, with each part and its value', async () => {
    const { create, send, look } = await running({ processes });
    const { id } = await create('spend');
    const error = await refusal(send(id, 'PAY', { amount: 250 }));
    expect(error.code).toBe('GUARD_REFUSED');
    expect(error.facts.reasons).toMatchObject([
      {
        rule: 'affordable',
        holds: false,
        sentence: expect.stringContaining('no more than the limit'),
        parts: expect.arrayContaining([expect.objectContaining({ path: 'record.amount', value: 250 })]),
      },
    ]);
    expect(await look(id)).toMatchObject({ version: 1, state: 'open', data: { limit: 100 } });
    expect((await send(id, 'PAY', { amount: 50 })).record.state).toBe('paid');
  });

  it('is refused when a rule fails, naming it, and never takes the else branch', async () => {
    const { create, send, look, events, sound } = await running({ processes });
    const { id } = await create('spend');
    const error = await refusal(send(id, 'SPLIT'));
    expect([error.code, error.facts.rule]).toEqual(['RULE_FAILED', 'perHead']);
    expect(await look(id)).toMatchObject({ version: 1, state: 'open', data: { log: '' } });
    expect(await events(id)).toEqual(['record.created']);
    await sound();
  });

  it('is refused by a check, with its message at its field', async () => {
    const { create, send } = await running({ processes });
    const { id } = await create('spend');
    const error = await refusal(send(id, 'PAY', { amount: -1 }));
    expect([error.code, error.facts.fields]).toEqual(['CHECK_REFUSED', [{ field: 'amount', message: 'An amount is never negative.' }]]);
  });

  it('is refused with every wrong field at once', async () => {
    const { create, send } = await running({ processes });
    const { id } = await create('spend');
    const error = await refusal(send(id, 'PAY', { amount: 'much', limit: 5, other: 1 }));
    expect(error.code).toBe('DATA_INVALID');
    expect((error.facts.fields as { field: string }[]).map((problem) => problem.field).sort()).toEqual(['amount', 'limit', 'other']);
  });
});
