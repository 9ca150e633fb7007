/**
 * What templates may call. All of them are pure; what they return is escaped unless it is markup made here.
 * - `{{icon "clock"}}`: an icon of `views/assets/icons.svg`; decorative, so text must stand beside it.
 * - `{{time ms}}`, `{{time ms "relative"}}`, `{{time ms "date"}}`: a <time> in the reader's zone.
 * - `{{duration ms}}`: "2 h 5 min". `{{duration ms "short"}}`: its largest part only.
 * - `{{avatar "Ada Lovelace"}}`: a disc with initials. `{{asset "charter.css"}}`: an asset's address.
 * - `href=(own path)` is not needed: addresses are made by presenters; `{{safeHref url}}` guards those that come from data.
 * - `{{drawing svg}}`: the only raw markup there is, for drawings made by `server/presenters/drawing`.
 * - `{{json value}}`: indented JSON as text, to stand in <pre>. `(eq a b)`, `(not a)`, `(or a b)`, `(and a b)`, `(concat a b …)`, `{{count n "record" "records"}}`.
 */
import Handlebars from 'handlebars';
import { describeDuration, describeInstant } from '../presenters/time.js';
import type { Assets } from './assets.js';

interface Options {
  readonly data: { readonly root: { readonly ui: { readonly zone: string; readonly now: number } } };
  readonly hash: { readonly [name: string]: unknown };
}

const escaped = (text: unknown): string => Handlebars.escapeExpression(text as string);
const markup = (text: string): Handlebars.SafeString => new Handlebars.SafeString(text);

function time(instant: unknown, ...rest: unknown[]): Handlebars.SafeString {
  const options = rest.at(-1) as Options;
  const style = rest.length > 1 ? String(rest[0]) : 'full';
  if (typeof instant !== 'number') return markup('');
  const { zone, now } = options.data.root.ui;
  const told = describeInstant(instant, zone, now);
  const text = style === 'relative' ? told.relative : style === 'date' ? told.date : told.text;
  return markup(`<time datetime="${escaped(told.iso)}" title="${escaped(told.long)}">${escaped(text)}</time>`);
}

function initials(name: string): string {
  const words = name.trim().split(/[\s._-]+/u);
  const first = [...(words[0] ?? '')][0] ?? '?';
  const last = words.length > 1 ? ([...(words.at(-1) ?? '')][0] ?? '') : '';
  return (first + last).toLocaleUpperCase('en');
}

/** An address that came from data: own paths, http(s) and mail only; anything else leads nowhere. */
export function safeHref(value: unknown): string {
  const text = String(value);
  if (/^\/(?![/\\])/u.test(text)) return text;
  return /^(?:https?:\/\/|mailto:)[^\s]+$/iu.test(text) ? text : '#';
}

/** The functions, bound to the assets they name. */
export function createViewFunctions(assets: Assets): { readonly [name: string]: (...args: never[]) => unknown } {
  return {
    icon: (name: unknown, options: Options) => {
      const extra = typeof options.hash.class === 'string' ? ` ${options.hash.class}` : '';
      return markup(
        `<svg class="icon${escaped(extra)}" aria-hidden="true" focusable="false"><use href="${escaped(assets.url('icons.svg'))}#${escaped(name)}"></use></svg>`,
      );
    },
    asset: (name: string) => assets.url(name),
    time,
    duration: (ms: unknown, ...rest: unknown[]) => (typeof ms === 'number' ? describeDuration(ms, rest.length > 1 ? 1 : 2) : ''),
    avatar: (name: unknown) => markup(`<span class="avatar" aria-hidden="true">${escaped(initials(String(name)))}</span>`),
    safeHref,
    drawing: (svg: unknown) => markup(String(svg)),
    json: (value: unknown) => JSON.stringify(value, null, 2),
    eq: (a: unknown, b: unknown) => a === b,
    not: (a: unknown) => !a,
    or: (...args: unknown[]) => args.slice(0, -1).find((value) => Boolean(value)) ?? false,
    and: (...args: unknown[]) => args.slice(0, -1).every((value) => Boolean(value)),
    concat: (...args: unknown[]) => args.slice(0, -1).join(''),
    count: (n: number, one: string, many: string) => `${n.toLocaleString('en-GB')} ${n === 1 ? one : many}`,
  };
}
