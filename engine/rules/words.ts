/** Fields and values as people say them. */
import type { Json, JsonObject } from '../definitions/authored.js';
import { parseDuration } from './durations.js';
import { formatInstant, parseInstant } from './instants.js';
import type { Titles } from './types.js';

const clockWords: { readonly [property: string]: string } = {
  status: 'state of the # clock',
  elapsed: 'time counted by the # clock',
  remaining: 'time left on the # clock',
  dueAt: 'due time of the # clock',
  breached: 'breach of the # clock',
};
const voteWords: { readonly [property: string]: string } = {
  status: 'outcome of the # approval',
  approved: 'votes for the # approval',
  refused: 'votes against the # approval',
  outstanding: 'votes outstanding for the # approval',
  step: 'open step of the # approval',
};
const fixedWords: { readonly [path: string]: string } = {
  now: 'now',
  state: 'state',
  'actor.id': 'the person acting',
  'actor.roles': 'roles of the person acting',
  'actor.teams': 'teams of the person acting',
  'event.type': 'the event',
  '': 'the entry',
  current: 'the entry',
  accumulator: 'the result so far',
};

const LINKED = 'records linked as ';

/** Whether it is said of the subject that they are so. */
export const isPlural = (subject: string): boolean => subject.startsWith(LINKED);

/** Of a longer list so many are named. */
const NAMED = 12;

/** What a path is called within a sentence: its title with a small first letter, or words made from its name. */
export function noun(path: string, titles: Titles | undefined): string {
  const [root = '', name = '', property = ''] = path.split('.');
  const title = titles?.get(path) ?? (root === 'record' || root === 'event' ? titles?.get(path.slice(root.length + 1)) : undefined);
  if (title !== undefined) return root === 'event' && titles?.get(path) === undefined ? `${lowered(title)} given` : lowered(title);
  if (Object.hasOwn(fixedWords, path)) return fixedWords[path] ?? path;
  if (root === 'clocks' && Object.hasOwn(clockWords, property)) return (clockWords[property] ?? '').replace('#', spaced(name));
  if (root === 'votes' && Object.hasOwn(voteWords, property)) return (voteWords[property] ?? '').replace('#', spaced(name));
  if (root === 'refs')
    return property === '' ? noun(`record.${name}`, titles) : `${spaced(path.split('.').slice(2).join(' '))} of ${noun(`record.${name}`, titles)}`;
  if (root === 'links') return property === 'records' ? `${LINKED}${spaced(name)}` : `number of ${spaced(name)} links`;
  if (path.endsWith('.length')) return `length of ${noun(path.slice(0, -'.length'.length), titles)}`;
  if (root === 'event') return `${spaced(path.slice('event.'.length))} given`;
  return spaced(root === 'record' ? path.slice('record.'.length) : path);
}

/** A value within a sentence. `path`: the field it is compared with, whose choices may have titles. */
export function valueWords(value: Json | undefined, titles?: Titles, path?: string): string {
  if (value === null || value === undefined || value === '') return 'empty';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return path !== undefined && /^clocks\.[^.]+\.(elapsed|remaining)$/.test(path) ? spanWords(value) : String(value);
  if (Array.isArray(value)) return value.length === 0 ? 'empty' : elementWords(value, titles, path);
  if (typeof value === 'object') return entryWords(value as JsonObject, titles);
  const title = path === undefined ? undefined : titles?.get(`${path}=${value}`);
  if (title !== undefined) return title;
  if (parseDuration(value) !== null) return durationWords(value);
  const at = value.includes('T') ? parseInstant(value) : null;
  if (at !== null) return `${formatInstant(at).slice(0, 16).replace('T', ' ')} UTC`;
  const short = value.length > 80 ? `${value.slice(0, 79)}…` : value;
  return /^[\p{L}\p{N}_.:+-]+$/u.test(short) ? short : `"${short}"`;
}

function elementWords(values: readonly Json[], titles?: Titles, path?: string): string {
  const named = values.slice(0, NAMED).map((part) => valueWords(part, titles, path));
  return listWords(values.length > NAMED ? [...named, `${values.length - NAMED} more`] : named, 'and');
}

/** A record by its number, another entry of a list by what is filled in. */
function entryWords(entry: JsonObject, titles?: Titles): string {
  if (typeof entry.number === 'string') return entry.number;
  const cells = Object.entries(entry).filter(([, value]) => value !== null && value !== '' && !(Array.isArray(value) && value.length === 0));
  const named = cells.slice(0, NAMED).map(([name, value]) => `${spaced(name)} ${valueWords(value, titles)}`);
  return named.length === 0 ? 'an empty entry' : listWords(named, 'and');
}

/** `a, b or c`. */
export function listWords(words: readonly string[], conjunction: 'and' | 'or'): string {
  if (words.length < 2) return words[0] ?? 'nothing';
  return `${words.slice(0, -1).join(', ')} ${conjunction} ${words.at(-1)}`;
}

/** `PT4H30M` as `4 hours 30 minutes`; the text itself when it is no duration. */
export function durationWords(text: string): string {
  const parts = parseDuration(text);
  if (parts === null) return text;
  return unitWords(Object.entries(parts).map(([unit, count]) => [unit, count as number]));
}

/** A number of milliseconds in days, hours, minutes and seconds. */
export function spanWords(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000);
  const words = unitWords([
    ['days', Math.floor(seconds / 86_400)],
    ['hours', Math.floor((seconds % 86_400) / 3600)],
    ['minutes', Math.floor((seconds % 3600) / 60)],
    ['seconds', seconds % 60],
  ]);
  return ms < 0 && seconds > 0 ? `minus ${words}` : words;
}

/** The sentence with a capital first letter. */
export function capitalised(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

function unitWords(units: readonly (readonly [string, number])[]): string {
  const given = units.filter(([, count]) => count !== 0);
  if (given.length === 0) return '0 seconds';
  return given.map(([unit, count]) => `${count} ${count === 1 ? unit.slice(0, -1) : unit}`).join(' ');
}

/** A small first letter, except in abbreviations such as SLA. */
function lowered(title: string): string {
  return /^.[\p{Lu}\p{N}]/u.test(title) ? title : title.charAt(0).toLowerCase() + title.slice(1);
}

/** `holdReason` as `hold reason`, `change-request` as `change request`. */
function spaced(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[._-]+/g, ' ')
    .toLowerCase()
    .trim();
}
