/** A record's fields in the sections of its form; empty ones are left out. */
import type { DefinitionView, RecordView } from '../../engine/index.js';
import { showValue, type ValueContext, type ValueView } from './values.js';

export interface DetailSection {
  readonly title: string | null;
  readonly description: string | null;
  readonly fields: readonly { readonly title: string; readonly hint: string | null; readonly value: ValueView; readonly broad: boolean }[];
}

export function detailSections(record: RecordView, definition: DefinitionView, context: ValueContext): readonly DetailSection[] {
  const declared = definition.form['x-charter']?.sections ?? [];
  const bySection = new Map<string, DetailSection['fields'][number][]>(declared.map(({ name }) => [name, []]));
  for (const [name, schema] of Object.entries(definition.form.properties)) {
    const value = showValue(schema, record.data[name], context);
    // The title stands in the head of the page already.
    if (value.kind === 'none' || (name === definition.process.columns?.title && value.kind === 'text')) continue;
    const section = schema['x-charter']?.section ?? '';
    const kept = bySection.get(section) ?? [];
    kept.push({ title: schema.title ?? name, hint: schema.description ?? null, value, broad: value.kind === 'prose' || value.kind === 'rows' });
    bySection.set(section, kept);
  }
  return [...bySection]
    .filter(([, fields]) => fields.length > 0)
    .map(([name, fields]) => {
      const section = declared.find((candidate) => candidate.name === name);
      return { title: section?.title ?? (name || null), description: section?.description ?? null, fields };
    });
}
