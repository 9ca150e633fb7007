import { describe, expect, it } from 'vitest';
import { refusal, running } from '../running.js';

const item = {
  'statechart.json': { id: 'item', initial: 'on', states: { on: {} } },
  'form.json': { type: 'object', properties: { price: { type: 'number' } } },
};
const order = {
  'statechart.json': {
    id: 'order',
    initial: 'draft',
    states: {
      draft: {
        on: {
          ORDER: {
            target: 'ordered',
            meta: {
              form: [
                { field: 'item', required: true },
                { field: 'price', default: { var: 'refs.item.price' } },
                { field: 'late', default: '2026-05-01T12:00:00+02:00' },
              ],
            },
          },
        },
      },
      ordered: {},
    },
  },
  'form.json': {
    type: 'object',
    properties: {
      item: { type: 'string', 'x-charter': { reference: { kind: 'record', process: 'item' } } },
      price: { type: 'number' },
      late: { type: 'string', format: 'date-time' },
    },
  },
};

describe('a default of a form', () => {
  it('sees what was filled in beside it, and the step that used it verifies', async () => {
    const test = await running({ processes: { item, order } });
    const [cheap, dear] = [await test.create('item', { price: 5 }), await test.create('item', { price: 500 })];
    const { id } = await test.create('order', { item: cheap.id });
    const { record } = await test.send(id, 'ORDER', { item: dear.id });
    expect(record.data).toMatchObject({ item: dear.id, price: 500, late: '2026-05-01T10:00:00.000Z' });
    const [, entry] = (await test.engine.history(id, test.ann, { limit: 5 })).items;
    expect([entry?.data, entry?.changes]).toEqual([
      { item: dear.id },
      { item: [cheap.id, dear.id], price: [null, 500], late: [null, '2026-05-01T10:00:00.000Z'] },
    ]);
    await test.sound();
  });

  it('gives way to what was sent, and to what the record has', async () => {
    const test = await running({ processes: { item, order } });
    const { id: thing } = await test.create('item', { price: 5 });
    const [sent, kept] = [await test.create('order'), await test.create('order', { price: 7 })];
    expect((await test.send(sent.id, 'ORDER', { item: thing, price: 6 })).record.data.price).toBe(6);
    expect((await test.send(kept.id, 'ORDER', { item: thing })).record.data.price).toBe(7);
    await test.sound();
  });

  it('stands in the way of no better message about what was sent', async () => {
    const test = await running({ processes: { item, order } });
    const { id } = await test.create('order');
    const error = await refusal(test.send(id, 'ORDER', { item: 5 as never }));
    expect([error.code, error.facts.fields]).toEqual(['DATA_INVALID', [{ field: 'item', message: 'This must be text.' }]]);
  });
});
