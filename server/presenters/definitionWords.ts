/** What a definition says in words: titles and tones of states, titles of fields. Made once for a definition, kept by its hash. */
import type { DefinitionView, FieldSchema, ProcessFile, StateSpec } from '../../engine/index.js';

export type Tone = 'neutral' | 'info' | 'active' | 'waiting' | 'good' | 'warning' | 'danger' | 'special';

export interface Chip {
  readonly tone: Tone;
  readonly text: string;
}

export interface DefinitionWords {
  readonly hash: string;
  stateTitle(path: string): string;
  /** Chips for where a record stands: the leaf of the first region, then what is out of the ordinary in the others. */
  chips(paths: readonly string[], status: 'active' | 'done'): readonly Chip[];
  fieldTitle(name: string): string;
  field(name: string): FieldSchema | null;
  eventTitle(type: string): string;
  readonly process: ProcessFile;
}

const tones: readonly Tone[] = ['info', 'active', 'waiting', 'good', 'warning', 'danger', 'special', 'neutral'];
const KEPT = 200;
const known = new Map<string, DefinitionWords>();

interface Place {
  readonly title: string;
  readonly tags: readonly string[];
  readonly final: boolean;
  /** Where its parent begins (regions begin all at once). */
  readonly initial: boolean;
  /** Below the first region, at every parallel state on the way. */
  readonly main: boolean;
  readonly order: number;
}

function tagsOf(state: StateSpec): readonly string[] {
  if (!state.tags) return [];
  return typeof state.tags === 'string' ? [state.tags] : state.tags;
}

function readPlaces(root: StateSpec): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  const visit = (state: StateSpec, path: string, main: boolean): void => {
    Object.entries(state.states ?? {}).forEach(([key, child], index) => {
      const here = path ? `${path}.${key}` : key;
      const title = typeof child.meta?.title === 'string' ? child.meta.title : key;
      const mainHere = main && (state.type !== 'parallel' || index === 0);
      places.set(here, {
        title,
        tags: tagsOf(child),
        final: child.type === 'final',
        initial: state.initial === key || state.type === 'parallel',
        main: mainHere,
        order: places.size,
      });
      visit(child, here, mainHere);
    });
  };
  visit(root, '', true);
  return places;
}

const within = (path: string, ancestor: string): boolean => path === ancestor || path.startsWith(`${ancestor}.`);

/** A tone that the process names as a tag; else what the clocks say: paused is waiting, stopped is good; the very first state is new. */
function toneOf(path: string, places: ReadonlyMap<string, Place>, process: ProcessFile): Tone {
  const place = places.get(path);
  const tagged = tones.find((tone) => place?.tags.includes(tone));
  if (tagged) return tagged;
  if (place && !place.main) return 'special';
  const clocks = Object.values(process.clocks ?? {});
  const specific = (list: readonly string[] | undefined): boolean => (list ?? []).some((ancestor) => ancestor.includes('.') && within(path, ancestor));
  if (clocks.some((clock) => specific(clock.pauses?.in))) return 'waiting';
  if (clocks.some((clock) => specific(clock.stops?.in))) return 'good';
  if (place?.final) return 'neutral';
  return isFirst(path, places) ? 'info' : 'active';
}

/** Every state on the way is where its parent begins: nothing has happened yet. */
function isFirst(path: string, places: ReadonlyMap<string, Place>): boolean {
  const keys = path.split('.');
  return keys.every((_, index) => places.get(keys.slice(0, index + 1).join('.'))?.initial === true);
}

function make(definition: DefinitionView): DefinitionWords {
  const places = readPlaces(definition.files['statechart.json']);
  const events = new Map(definition.events.map(({ type, title }) => [type, title]));
  const leaves = (paths: readonly string[]): readonly string[] =>
    paths
      .filter((path) => !paths.some((other) => other !== path && within(other, path)))
      .sort((a, b) => (places.get(a)?.order ?? 0) - (places.get(b)?.order ?? 0));
  return {
    hash: definition.hash,
    process: definition.process,
    stateTitle: (path) => places.get(path)?.title ?? path,
    chips: (paths, status) =>
      leaves(paths)
        .filter((path, index) => index === 0 || !(places.get(path)?.initial || places.get(path)?.final))
        .map((path) => ({ tone: status === 'done' ? 'neutral' : toneOf(path, places, definition.process), text: places.get(path)?.title ?? path })),
    fieldTitle: (name) => definition.form.properties[name]?.title ?? name,
    field: (name) => (Object.hasOwn(definition.form.properties, name) ? (definition.form.properties[name] ?? null) : null),
    eventTitle: (type) => events.get(type) ?? type,
  };
}

/** The words of a definition; the same object for the same hash. */
export function wordsOf(definition: DefinitionView): DefinitionWords {
  const found = known.get(definition.hash);
  if (found) return found;
  const words = make(definition);
  known.set(definition.hash, words);
  if (known.size > KEPT) known.delete(known.keys().next().value ?? '');
  return words;
}
