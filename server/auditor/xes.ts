/** XES, IEEE 1849: a record is a trace, an entry an event. Other tools mine processes from it. */
import type { HistoryView, RecordView } from '../../engine/index.js';
import type { DefinitionWords } from '../presenters/definitionWords.js';
import { pathsOf } from '../presenters/timeline.js';

/** All that XML 1.0 has no way to write, escaped or not. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
const impossible = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const entities: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

export function xmlText(text: string): string {
  return text.replaceAll(impossible, '').replaceAll(/[&<>"'\t\n\r]/g, (character) => entities[character] ?? '');
}

const attribute = (type: 'string' | 'date' | 'int' | 'boolean', key: string, value: string): string =>
  `<${type} key="${xmlText(key)}" value="${xmlText(value)}"/>`;
const string = (key: string, value: string | null): string => (value === null || value === '' ? '' : attribute('string', key, value));
const date = (key: string, at: number): string => attribute('date', key, new Date(at).toISOString());

export function openLog(): string {
  const extensions = [
    ['Concept', 'concept'],
    ['Time', 'time'],
    ['Organizational', 'org'],
    ['Lifecycle', 'lifecycle'],
  ].map(([name, prefix]) => `<extension name="${name}" prefix="${prefix}" uri="http://www.xes-standard.org/${prefix}.xesext"/>`);
  return `<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849.2016" xes.features="" xmlns="http://www.xes-standard.org/">
${extensions.join('\n')}
<global scope="trace"><string key="concept:name" value=""/></global>
<global scope="event"><string key="concept:name" value=""/><date key="time:timestamp" value="1970-01-01T00:00:00.000Z"/><string key="lifecycle:transition" value="complete"/></global>
<classifier name="Event" keys="concept:name lifecycle:transition"/>
`;
}

export function openTrace(record: RecordView): string {
  return `<trace>${string('concept:name', record.number)}${string('charter:process', record.process)}${string('charter:title', record.columns.title)}${date('charter:created', record.createdAt)}\n`;
}

export function xesEvent(entry: HistoryView, words: DefinitionWords): string {
  const states = words.chips(pathsOf(entry.to), 'active').map(({ text }) => text);
  const parts = [
    string('concept:name', entry.event),
    string('charter:title', entry.title),
    date('time:timestamp', entry.at),
    string('lifecycle:transition', 'complete'),
    string('org:resource', entry.actor),
    string('charter:onBehalfOf', entry.onBehalfOf),
    string('charter:origin', entry.origin),
    string('charter:state', states.join(', ')),
    ...Object.entries(entry.changes).map(([field, [, after]]) =>
      string(`charter:field:${field}`, after === null ? null : typeof after === 'string' ? after : JSON.stringify(after)),
    ),
    date('charter:recordedAt', entry.recordedAt),
    attribute('int', 'charter:sequence', String(entry.sequence)),
    string('charter:definition', entry.definition),
    string('charter:hash', entry.hash),
  ];
  return `<event>${parts.join('')}</event>\n`;
}

export const closeTrace = (): string => '</trace>\n';
export const closeLog = (): string => '</log>\n';
