/** Reads the form of a process with what this visitor may point at. */
import type { AskedField, RecordView } from '../../engine/index.js';
import type { ReadContext, ReadFields } from '../forms/readFields.js';
import { readFields } from '../forms/readFields.js';
import { referencedProcess } from '../forms/references.js';
import type { Visit } from '../web/visit.js';

/** A number, an id, or words that fit exactly one active record. */
async function findRecord(visit: Visit, text: string, asked: AskedField): Promise<RecordView | null> {
  const { engine } = visit.services;
  if (/^[A-Za-z][A-Za-z0-9-]*-\d+$|^[0-9a-f-]{36}$/u.test(text)) {
    const record = await engine.record(text.length === 36 ? text : text.toUpperCase(), visit.actor).catch(() => null);
    if (record) return record;
  }
  const process = referencedProcess(asked.schema) ?? '*';
  const page = await engine.list({ q: text, limit: 2, ...(process === '*' ? {} : { processes: [process] }) }, visit.actor).catch(() => null);
  const exact = page?.items.filter(({ columns }) => columns.title?.toLowerCase() === text.toLowerCase()) ?? [];
  if (exact.length === 1) return exact[0] ?? null;
  return page?.items.length === 1 ? (page.items[0] ?? null) : null;
}

async function findPrincipal(visit: Visit, kind: 'user' | 'team', text: string): Promise<string | null> {
  const { engine } = visit.services;
  const folded = text.toLowerCase();
  const rows = kind === 'user' ? (await engine.users()).map(({ id, name }) => ({ id, title: name })) : await engine.teams();
  const byId = rows.find(({ id }) => id === text);
  if (byId) return byId.id;
  const byTitle = rows.filter(({ title }) => title.toLowerCase() === folded);
  return byTitle.length === 1 ? (byTitle[0]?.id ?? null) : null;
}

function readContext(visit: Visit): ReadContext {
  return {
    zone: visit.zone,
    findRecord: (text, asked) => findRecord(visit, text, asked),
    findPrincipal: (kind, text) => findPrincipal(visit, kind, text),
  };
}

/** What the visitor typed into these fields, as data and as problems. */
export function readProcessForm(visit: Visit, fields: readonly AskedField[]): Promise<ReadFields> {
  return readFields(fields, visit.form, readContext(visit));
}

/** Whether the form was sent only to be shown again: to find a record for a field, or to get more rows. */
export function wantsForm(visit: Visit): boolean {
  return visit.form.text('_find') !== '' || visit.form.text('_more') !== '';
}

/** The field to find something for, and what was typed there. */
export function wantedSearch(visit: Visit, fields: readonly AskedField[]): { readonly process: string; readonly text: string } | null {
  const name = visit.form.text('_find');
  const asked = fields.find(({ field }) => `f.${field}` === name);
  return asked ? { process: referencedProcess(asked.schema) ?? '*', text: visit.form.text(name) } : null;
}
