import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Intruder, intrude } from '../../engine/integrity/intruder.js';
import type { Visitor } from '../testServer.js';
import { followed } from './followed.js';
import { type AuditWorld, startAuditWorld } from './world.js';

let world: AuditWorld;
let vera: Visitor;
beforeAll(async () => {
  world = await startAuditWorld();
  vera = await world.as('vera');
});
afterAll(() => world.server.close());

describe('what was altered below Charter', () => {
  let intruder: Intruder;
  beforeAll(async () => {
    intruder = await intrude(world.server.services.config.databaseUrl.replace('sqlite:', ''));
  });
  afterAll(async () => {
    await intruder.undo();
    await intruder.close();
  });

  it('is named in plain words, with links to the record and the step', async () => {
    const [record] = await intruder.all<{ id: string }>('SELECT id FROM records WHERE number = ?', [world.numbers.working ?? '']);
    const [other] = await intruder.all<{ id: string }>('SELECT id FROM records WHERE number = ?', [world.numbers.request ?? '']);
    await intruder.run(`UPDATE history SET text = replace(text, '"ada"', '"eve"') WHERE record = ? AND sequence = 3`, [record?.id ?? '']);
    for (const [table, column] of [
      ['history', 'record'],
      ['records', 'id'],
    ])
      await intruder.run(`DELETE FROM ${table} WHERE ${column} = ?`, [other?.id ?? '']);
    await vera.get('/audit/verify');
    const { text } = await followed(vera, await vera.post('/audit/verify', { record: '' }));
    expect(text).toContain('Not everything is as it was written');
    for (const part of [
      'Text altered',
      `href="/audit/records/${world.numbers.working}?step&#x3D;3"`,
      'Seal broken',
      other?.id,
      'an entry that it seals is gone',
    ])
      expect(text).toContain(part);
    expect((await vera.get('/audit')).text).toMatch(/\d+ problems/);
  });
});
