/** Draws the fields a process asks for, on whatever page they stand. */
import type { AskedField, DefinitionView, FieldProblem } from '../../engine/index.js';
import type { FieldView } from '../forms/fieldView.js';
import { loadReferences, type References } from '../forms/references.js';
import { schemaField } from '../forms/schemaField.js';
import type { Visit } from '../web/visit.js';
import { wantedSearch } from './readForm.js';

export interface FormSection {
  readonly title: string | null;
  readonly fields: readonly FieldView[];
}

interface Drawn {
  readonly references: References;
  readonly errors?: readonly FieldProblem[];
  readonly prefix?: string;
}

/** One control for each field, in the order the transition asks for them; lists with nothing to answer are left out. */
export function drawFields(visit: Visit, asked: readonly AskedField[], { references, errors = [], prefix = 'field-' }: Drawn): readonly FieldView[] {
  const typed = visit.form.names().some((name) => name.startsWith('f.')) ? visit.form : null;
  const context = { references, zone: visit.zone, typed, errors: new Map(errors.map(({ field, message }) => [field, message])), prefix };
  return asked.map((one) => schemaField(one, context)).filter((view) => view.kind !== 'entries' || (view.entries?.length ?? 0) > 0);
}

/** The fields under the headings of the form's sections, where it has more than one. */
export async function formSections(
  visit: Visit,
  asked: readonly AskedField[],
  definition: DefinitionView,
  errors: readonly FieldProblem[],
): Promise<readonly FormSection[]> {
  const references = await loadReferences(visit, asked, wantedSearch(visit, asked));
  const sections: { title: string | null; fields: FieldView[] }[] = [];
  const titles = new Map((definition.form['x-charter']?.sections ?? []).map(({ name, title }) => [name, title]));
  for (const one of asked) {
    const name = one.schema['x-charter']?.section ?? '';
    const title = asked.length > 6 ? (titles.get(name) ?? null) : null;
    const drawn = drawFields(visit, [one], { references, errors });
    const section = sections.find((candidate) => candidate.title === title);
    if (section) section.fields.push(...drawn);
    else sections.push({ title, fields: [...drawn] });
  }
  return sections.filter(({ fields }) => fields.length > 0);
}
