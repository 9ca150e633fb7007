/** What a record is connected with, as a drawing and in words, and who suffers when it fails. */
import type { Connection, Neighbour, RecordView } from '../../engine/index.js';
import { drawNeighbourhood } from '../presenters/drawing/drawNeighbourhood.js';
import { type Reading, readAround } from '../queries/reading.js';
import type { Visit } from '../web/visit.js';
import { recordHead } from './recordHead.js';

interface Shown {
  readonly record: RecordView;
  readonly href: string;
  readonly number: string;
  readonly title: string;
  readonly process: string;
  readonly state: { readonly tone: string; readonly text: string } | null;
}

export async function showConnections(visit: Visit): Promise<void> {
  const { engine } = visit.services;
  const record = await engine.record(visit.param('number'), visit.actor);
  const [around, impact] = await Promise.all([engine.neighbourhood(record.id, visit.actor), engine.impact(record.id, visit.actor)]);
  const { reading, shown } = await showable(visit, [...around.records, ...impact.affected]);
  const head = recordHead(record, reading);
  await visit.page({
    view: 'staff/connections',
    title: `${record.number} and what it is connected with`,
    current: `/process/${record.process}`,
    width: 'wide',
    model: {
      head,
      drawing: await draw(visit, record, { records: around.records, connections: around.connections, shown }),
      more: around.more,
      rows: around.connections.flatMap(({ from, to, title }) => {
        const [one, other] = [shown.get(from), shown.get(to)];
        return one && other ? [{ from: one, title, to: other }] : [];
      }),
      affected: impact.affected.flatMap(({ id, way }) => {
        const found = shown.get(id);
        return found ? [{ ...found, by: way.slice(1).flatMap((step) => shown.get(step)?.title ?? []) }] : [];
      }),
      affectedMore: impact.more,
    },
  });
}

/** The records as the reader sees them; one that went away meanwhile is left out. */
async function showable(visit: Visit, neighbours: readonly Neighbour[]): Promise<{ readonly reading: Reading; readonly shown: ReadonlyMap<string, Shown> }> {
  const ids = [...new Set(neighbours.map(({ id }) => id))];
  const found = await Promise.all(ids.map((id) => visit.services.engine.record(id, visit.actor).catch(() => null)));
  const records = found.filter((record) => record !== null);
  const reading = await readAround(visit, records);
  const shown = records.map((record): [string, Shown] => {
    const words = reading.words(record);
    const [state] = words.chips(record.paths, record.status);
    const { number } = record;
    return [
      record.id,
      {
        record,
        number,
        href: `/record/${number}`,
        title: record.columns.title ?? number,
        process: words.process.title ?? record.process,
        state: state ?? null,
      },
    ];
  });
  return { reading, shown: new Map(shown) };
}

interface ToDraw {
  readonly records: readonly Neighbour[];
  readonly connections: readonly Connection[];
  readonly shown: ReadonlyMap<string, Shown>;
}

async function draw(visit: Visit, record: RecordView, { records, connections, shown }: ToDraw): Promise<string> {
  const drawn = records.flatMap(({ id, status }) => {
    const found = shown.get(id);
    if (!found) return [];
    const { href, title, number, process, state } = found;
    return [{ id, href, title, name: `${process} ${number}`, state: state?.text ?? null, done: status === 'done', centre: id === record.id }];
  });
  const ids = new Set(drawn.map(({ id }) => id));
  const between = connections.filter(({ from, to }) => ids.has(from) && ids.has(to));
  return drawNeighbourhood({ title: `What ${record.number} is connected with`, records: drawn, connections: between }).catch((error: unknown) => {
    visit.services.log.warn({ err: error, record: record.number }, 'drawing failed');
    return '';
  });
}
