/** A record: its fields, what can be done and why not the rest, clocks, approvals, talk, files, links, history and drawing. */
import type { LinkedRecord, RecordView, Timer } from '../../engine/index.js';
import { field, options } from '../forms/fieldView.js';
import { approvalCards } from '../presenters/approvals.js';
import { clockCards } from '../presenters/clocks.js';
import { detailSections } from '../presenters/details.js';
import { delayWords } from '../presenters/drawing/delayWords.js';
import { drawStatechart } from '../presenters/drawing/drawStatechart.js';
import { pathsOf, timeline } from '../presenters/timeline.js';
import { type Reading, readAround } from '../queries/reading.js';
import type { Visit } from '../web/visit.js';
import { actionWords } from './actionWords.js';
import { newKey } from './once.js';
import { recordActions } from './recordActions.js';
import { recordHead } from './recordHead.js';
import { standingOf } from './standing.js';

const HISTORY = 40;
const DRAWN_STEPS = 200;

/** XState names an `after` event `xstate.after.<delay>.<state>`; history says `after.<delay>`. */
function delayName(event: string, process: string): string {
  const rest = event.replace(/^(?:xstate\.)?after\./u, '');
  const end = rest.indexOf(`.${process}`);
  return end > 0 ? rest.slice(0, end) : rest;
}

function timerWords(timers: readonly Timer[], reading: Reading, record: RecordView): readonly { readonly what: string; readonly dueAt: number }[] {
  const words = reading.words(record);
  return timers
    .filter(({ kind }) => kind !== 'clock')
    .map((timer) => {
      if (timer.kind === 'raise') return { what: words.eventTitle(timer.event), dueAt: timer.dueAt };
      const files = reading.definition(record).files['rules.json'];
      const name = delayName(timer.event, record.process);
      const told = delayWords(files?.delays?.[name], name, files?.descriptions?.[name]);
      return { what: `Goes on ${told}`, dueAt: timer.dueAt };
    })
    .sort((a, b) => a.dueAt - b.dueAt);
}

async function drawing(visit: Visit, record: RecordView, reading: Reading): Promise<string> {
  const path = await visit.services.engine.history(record.id, visit.actor, { limit: DRAWN_STEPS, direction: 'asc' });
  const taken = path.items.map(({ from, to, event }) => ({ from: pathsOf(from), to: pathsOf(to), event }));
  const title = `Where ${record.number} stands`;
  return drawStatechart(reading.definition(record), { title, current: record.paths, taken }).catch((error: unknown) => {
    visit.services.log.warn({ err: error, record: record.number }, 'drawing failed');
    return '';
  });
}

async function linkViews(visit: Visit, links: readonly LinkedRecord[]): Promise<readonly object[]> {
  const records = (await Promise.all(links.map(({ record }) => visit.services.engine.record(record.id, visit.actor).catch(() => null)))).filter(
    (found) => found !== null,
  );
  const around = await readAround(visit, records);
  return links.map((link) => {
    const record = records.find(({ id }) => id === link.record.id);
    const states = record ? around.words(record).chips(record.paths, record.status) : [];
    return {
      name: link.name,
      title: link.title,
      out: link.direction === 'out',
      href: `/record/${link.record.number}`,
      number: link.record.number,
      text: link.record.title,
      state: states[0] ?? null,
    };
  });
}

function linkForm(record: RecordView, reading: Reading): object | null {
  const declared = Object.entries(reading.words(record).process.links ?? {}).filter(([, link]) => link.reverse === undefined && link.shared === undefined);
  if (declared.length === 0) return null;
  return {
    fields: [
      field({
        name: 'name',
        id: 'link-name',
        title: 'How it is linked',
        kind: 'select',
        required: true,
        options: options(
          declared.map(([value, { title }]) => ({ value, title })),
          '',
        ),
      }),
      field({ name: 'to', id: 'link-to', title: 'Number of the other record', required: true, maxlength: 64, placeholder: 'For example INC-000012' }),
    ],
  };
}

/** Who may write what nobody but staff sees; the engine has the last word. */
function mayWriteInternal(visit: Visit, record: RecordView, reading: Reading): boolean {
  const roles = reading.words(record).process.comments?.internal;
  return (roles ?? []).some((role) => visit.actor.roles.includes(role));
}

async function readParts(visit: Visit, record: RecordView) {
  const { engine } = visit.services;
  const { actor } = visit;
  const before = visit.query('before');
  return Promise.all([
    engine.transitions(record.id, actor),
    engine.history(record.id, actor, { limit: HISTORY, direction: 'desc', ...(before ? { cursor: before } : {}) }),
    engine.comments(record.id, actor),
    engine.attachments(record.id, actor),
    engine.links(record.id, actor),
    engine.timers(record.id, actor),
    readAround(visit, [record]),
  ]);
}

/** The drawing on a page of its own, as wide as it likes. */
export async function showDrawing(visit: Visit, record: RecordView): Promise<void> {
  const reading = await readAround(visit, [record]);
  const model = { head: recordHead(record, reading), drawing: await drawing(visit, record, reading) };
  await visit.page({ view: 'staff/drawing', title: `${record.number} in its process`, current: `/process/${record.process}`, width: 'wide', model });
}

export interface TalkProblem {
  readonly comment?: string;
  readonly file?: string;
  readonly link?: string;
}

/** Shows the record; `problems` are those of the small forms on it. */
export async function showRecord(visit: Visit, record: RecordView, problems: TalkProblem = {}): Promise<void> {
  const [transitions, history, comments, attachments, links, timers, reading] = await readParts(visit, record);
  const words = reading.words(record);
  const told = await actionWords(visit, words);
  const head = recordHead(record, reading);
  await visit.page({
    view: 'staff/record',
    scripts: ['standing.js'],
    title: `${record.number} ${head.title}`,
    current: `/process/${record.process}`,
    status: Object.keys(problems).length > 0 ? 422 : 200,
    model: {
      head,
      version: record.version,
      standing: standingOf(record),
      once: newKey(),
      problems: { comment: problems.comment ?? null, file: problems.file ?? null, link: problems.link ?? null },
      done: record.status === 'done',
      actions: await recordActions(visit, record, transitions, told),
      clocks: clockCards(record.clocks),
      approvals: approvalCards(record.approvals, words, reading.names),
      sections: detailSections(record, reading.definition(record), reading),
      withheld: record.withheld.map((name) => words.fieldTitle(name)),
      items: timeline(history.items, {
        ...reading,
        words,
        comments,
        attachments,
        linked: new Map(links.map(({ record: other }) => [other.id, `${other.number} ${other.title}`])),
      }),
      older: history.next === null ? null : `${head.href}?before=${encodeURIComponent(history.next)}#activity`,
      newest: visit.query('before') === null ? null : `${head.href}#activity`,
      comment: { text: visit.form.text('text'), internal: mayWriteInternal(visit, record, reading) },
      files: attachments.map(({ id, name, size, at, author }) => ({
        href: `/attachments/${id}`,
        name,
        size: tellSize(size),
        at,
        who: reading.names.user(author),
      })),
      links: await linkViews(visit, links),
      linkForm: linkForm(record, reading),
      timers: timerWords(timers, reading, record),
      drawing: await drawing(visit, record, reading),
      about: {
        createdAt: record.createdAt,
        createdBy: reading.names.user(record.createdBy),
        updatedAt: record.updatedAt,
        definition: record.definitionVersion.slice(0, 12),
        steps: record.version,
      },
    },
  });
}

/** "12 KB". */
function tellSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ['KB', 'MB', 'GB'];
  let size = bytes / 1024;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${units[unit]}`;
}
