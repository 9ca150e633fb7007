/** Whether a mapping speaks of events, fields and states that the process has. */
import type { Actor, DefinitionView, Engine } from '../../engine/index.js';
import type { Report } from './mappingChecks.js';
import type { MappingFile } from './mappingFile.js';
import { segment } from './mappingText.js';

export async function checkProcess(mapping: MappingFile, using: { readonly engine: Engine; readonly reader: Actor }, report: Report): Promise<void> {
  const { engine, reader } = using;
  const keys = (await engine.processes(reader)).map((process) => process.key);
  if (!keys.includes(mapping.process)) {
    report('/process', `there is no process ${JSON.stringify(mapping.process)}; there are ${keys.join(', ')}`);
    return;
  }
  checkNames(mapping, await engine.definition(mapping.process, reader), report);
}

function checkNames(mapping: MappingFile, definition: DefinitionView, report: Report): void {
  const events = new Set(definition.events.map((event) => event.type));
  const paths = new Set(definition.states.map((state) => state.path));
  const hasField = (field: string): boolean => Object.hasOwn(definition.form.properties, field);
  const checkFields = (fields: object | undefined, pointer: string): void => {
    for (const field of Object.keys(fields ?? {}))
      if (!hasField(field)) report(`${pointer}/${segment(field)}`, `the process has no field ${JSON.stringify(field)}`);
  };
  if (!hasField(mapping.numberField)) report('/numberField', `the process has no field ${JSON.stringify(mapping.numberField)}`);
  if (!Object.hasOwn(mapping.create.data, mapping.numberField))
    report('/create/data', `the field ${JSON.stringify(mapping.numberField)} must be given at creation: by it a record is found again`);
  checkFields(mapping.create.data, '/create/data');
  for (const [label, state] of Object.entries(mapping.state.labels)) {
    if (!paths.has(state.in)) report(`/state/labels/${segment(label)}/in`, `the process has no state ${JSON.stringify(state.in)}`);
    checkFields(state.where, `/state/labels/${segment(label)}/where`);
  }
  mapping.steps.forEach((group, g) => {
    group.rules.forEach((rule, r) => {
      rule.send.forEach((send, s) => {
        const at = `/steps/${g}/rules/${r}/send/${s}`;
        if (!events.has(send.event)) report(`${at}/event`, `the process has no event ${JSON.stringify(send.event)} that people may send`);
        checkFields(send.data, `${at}/data`);
        checkFields(send.changed, `${at}/changed`);
      });
    });
  });
}
