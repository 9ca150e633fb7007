import { describe, expect, it } from 'vitest';
import { testEngine } from './testEngine.js';

const item = {
  'statechart.json': {
    id: 'item',
    initial: 'live',
    states: { live: { on: { RETIRE: 'retired', PLACE: { meta: { form: ['home'] } } } }, retired: { type: 'final' } },
  },
  'form.json': {
    type: 'object',
    properties: {
      name: { type: 'string', maxLength: 80 },
      home: { type: 'string', title: 'Home', 'x-charter': { reference: { kind: 'record', process: 'item' } } },
    },
  },
  'process.json': {
    prefix: 'ITM',
    columns: { title: 'name' },
    links: {
      dependsOn: { title: 'Depends on', inverse: 'Used by', to: ['item'], many: true, impact: 'source' },
      supports: { title: 'Supports', to: ['item'], many: true, impact: 'target' },
      beside: { title: 'Beside', to: ['item', 'secret'], many: true },
    },
  },
};
const secret = {
  'statechart.json': { id: 'secret', initial: 'kept', states: { kept: {} } },
  'process.json': { prefix: 'SCR', read: { roles: ['keeper'] } },
};
const rules = { 'policy/roles.json': { kind: 'roles', roles: { keeper: { title: 'Keeper' } } } };

async function world() {
  const test = await testEngine({ processes: { item, secret }, rules });
  const ann = await test.user('ann', []);
  const kim = await test.user('kim', ['keeper']);
  const { engine } = test;
  const make = async (name: string) => (await engine.create({ process: 'item', data: { name }, actor: ann })).record;
  const link = (from: { id: string }, name: string, to: { id: string }, actor = ann) => engine.link({ record: from.id, name, to: to.id, actor });
  return { engine, ann, kim, make, link };
}

const titles = (records: readonly { title: string; distance: number }[]) => Object.fromEntries(records.map(({ title, distance }) => [title, distance]));

describe('the neighbourhood of a record', () => {
  it('has what it is linked with, both ways, and what that is linked with, each with its distance', async () => {
    const { engine, ann, make, link } = await world();
    const [database, shop, web, far] = [await make('database'), await make('shop'), await make('web'), await make('far')];
    await link(shop, 'dependsOn', database);
    await link(web, 'dependsOn', shop);
    await link(far, 'dependsOn', web);
    const found = await engine.neighbourhood(database.id, ann);
    expect(titles(found.records)).toEqual({ database: 0, shop: 1, web: 2 });
    expect(found.connections.map(({ from, to, title }) => [from, to, title])).toEqual([
      [shop.id, database.id, 'Depends on'],
      [web.id, shop.id, 'Depends on'],
    ]);
    expect(found.more).toBe(false);
  });

  it('has records that fields name, by number too', async () => {
    const { engine, ann, make } = await world();
    const [rack, server] = [await make('rack'), await make('server')];
    await engine.send({ record: server.id, type: 'PLACE', data: { home: rack.number }, actor: ann });
    const found = await engine.neighbourhood(server.id, ann);
    expect(found.connections).toEqual([{ from: server.id, to: rack.id, title: 'Home', kind: 'field' }]);
  });

  it('leaves out what the reader may not see, without telling that it is there', async () => {
    const { engine, ann, kim, make, link } = await world();
    const open = await make('open');
    const hidden = (await engine.create({ process: 'secret', data: {}, actor: kim })).record;
    await link(open, 'beside', hidden, kim);
    expect(await engine.neighbourhood(open.id, ann)).toMatchObject({ records: [{ id: open.id }], connections: [], more: false });
    expect((await engine.neighbourhood(open.id, kim)).records).toHaveLength(2);
    await expect(engine.neighbourhood(hidden.id, ann)).rejects.toMatchObject({ code: 'RECORD_NOT_FOUND' });
    await expect(engine.impact(hidden.id, ann)).rejects.toMatchObject({ code: 'RECORD_NOT_FOUND' });
  });

  it('ends at its bound and says that there is more', async () => {
    const { engine, ann, make, link } = await world();
    const hub = await make('hub');
    for (const name of ['a', 'b', 'c', 'd']) await link(hub, 'beside', await make(name));
    const found = await engine.neighbourhood(hub.id, ann, { most: 3 });
    expect(found.records).toHaveLength(3);
    expect(found.connections).toHaveLength(2);
    expect(found.more).toBe(true);
  });
});

describe('impact', () => {
  it('travels along links as the process says, to whatever suffers, with the way it takes', async () => {
    const { engine, ann, make, link } = await world();
    const [disk, host, shop, mail, other] = [await make('disk'), await make('host'), await make('shop'), await make('mail'), await make('other')];
    await link(host, 'dependsOn', disk);
    await link(host, 'supports', shop);
    await link(mail, 'dependsOn', host);
    await link(disk, 'dependsOn', other);
    await link(disk, 'beside', other);
    const { affected } = await engine.impact(disk.id, ann);
    expect(titles(affected)).toEqual({ host: 1, shop: 2, mail: 2 });
    expect(affected.find(({ title }) => title === 'shop')?.way).toEqual([disk.id, host.id]);
  });

  it('goes round a circle once and stops at what is retired', async () => {
    const { engine, ann, make, link } = await world();
    const [one, two, three, beyond] = [await make('one'), await make('two'), await make('three'), await make('beyond')];
    await link(two, 'dependsOn', one);
    await link(one, 'dependsOn', two);
    await link(three, 'dependsOn', two);
    await link(beyond, 'dependsOn', three);
    await engine.send({ record: three.id, type: 'RETIRE', data: {}, actor: ann });
    expect(titles((await engine.impact(one.id, ann)).affected)).toEqual({ two: 1 });
  });
});
