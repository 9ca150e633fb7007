import { linesMatching, type SourceFile, withoutComments } from './sources.js';

/** Reading of the time, or waiting: only engine/clock.ts does. `new Date(ms)` turns a given instant into text and is fine. */
export const readsTime =
  /\bDate\.now\b|\bnew Date\(\s*\)|\bnew Date\b(?!\s*\()|(?<![.\w])Date\(\s*\)|\bset(?:Timeout|Interval)\s*\(|\btimers\/promises\b|\bperformance\.now\b|\bprocess\.hrtime\b|\bDateTime\.(?:now|local|utc)\(\s*\)/;

export const readsEnvironment =
  /\bprocess\s*(?:\?\.|\.)\s*env\b|\bprocess\[['"]env['"]\]|\{[^}]*\benv\b[^}]*\}\s*=\s*process\b|\bloadEnvFile\b|import\s*\{[^}]*\benv\b[^}]*\}\s*from\s*['"](?:node:)?process['"]/;

const vagueName = /(?:^|[^a-z])(?:utils?|helpers?|managers?|common)(?:[^a-z]|$)/i;

/** Paths of which a part says nothing: `utils`, `helpers`, `manager`, `common`. */
export function vaguelyNamed(files: readonly SourceFile[]): string[] {
  return files.map((file) => file.path).filter((path) => vagueName.test(splitWords(path)));
}

function splitWords(text: string): string {
  return text.replace(/([a-z0-9])([A-Z])/g, '$1 $2');
}

/** Files of more than `limit` lines, with their number. */
export function longerThan(files: readonly SourceFile[], limit: number): string[] {
  return files
    .map((file) => ({ path: file.path, lines: file.text.trimEnd().split('\n').length }))
    .filter((file) => file.lines > limit)
    .map((file) => `${file.path}: ${file.lines} lines`);
}

/**
 * Process keys that are also words of this trade or of plain English, and so stand in code without meaning the process:
 * a record has a column `service`, a record changes, a rule poses a problem, a commit releases, a person makes a request.
 * For these only a text that can mean nothing but the process counts (see `namesProcess`).
 */
const ordinaryWords: ReadonlySet<string> = new Set([
  'service',
  'change',
  'problem',
  'release',
  'event',
  'request',
  'asset',
  'audit',
  'risk',
  'task',
  'document',
  'action',
  'baseline',
  'budget',
  'competence',
  'contract',
  'control',
  'dispute',
  'improvement',
  'objective',
  'survey',
  'training',
]);

/** True when the line names the process: its key in any spelling (`service-request`, `serviceRequest`, `SERVICE_REQUEST`, plural). */
export function namesProcess(key: string, line: string): boolean {
  return namesOneOf([key])(line);
}

/** Lines that name one of the processes. */
export function linesNamingProcesses(files: readonly SourceFile[], keys: readonly string[]): string[] {
  return linesMatching(files, namesOneOf(keys));
}

/** One look at a line for all keys: there are fifty, and tens of thousands of lines. */
function namesOneOf(keys: readonly string[]): (line: string) => boolean {
  const either = (some: readonly string[]): string => (some.length === 0 ? '(?!)' : some.join('|'));
  const ordinary = either(keys.filter((key) => ordinaryWords.has(key)));
  const telling = either(keys.filter((key) => !ordinaryWords.has(key)).map((key) => key.split('-').join('[-_ ]?')));
  const meant = new RegExp(`\\bprocess(?:es)?\\b[^\\n]{0,30}(?:===?|!==?|:|/|\\()\\s*['"\`]?(?:${ordinary})['"\`/]`, 'i');
  const named = new RegExp(`(?<![a-z])(?:${telling})s?(?![a-z])`, 'i');
  return (line) => meant.test(line) || named.test(splitWords(line));
}

/** What a Handlebars page must not have, so that nothing a person typed can become markup or script. */
export function templateFaults(file: SourceFile): string[] {
  const text = file.text.replace(/\{\{!--[\s\S]*?--\}\}|\{\{![^}]*\}\}/g, blank);
  const markup = text.replace(/\{\{[\s\S]*?\}\}/g, (found) => found.replace(/[^\n]/g, '~'));
  const faults: string[] = [];
  const note = (source: string, pattern: RegExp, what: string): void => {
    for (const match of source.matchAll(pattern)) faults.push(`${file.path}:${lineOf(source, match.index)}: ${what}: ${match[0].slice(0, 60).trim()}`);
  };
  note(text, /\{\{\{|\{\{\s*&/g, 'unescaped output');
  note(text, /\{\{>\s*\(/g, 'partial whose name is data');
  note(markup, /<script\b(?![^>]*\ssrc=)[^>]*>/gi, 'inline script');
  note(markup, /<style\b/gi, 'inline style sheet');
  note(markup, /<[a-z][^<>]*\sstyle\s*=/gi, 'style attribute');
  note(markup, /<[a-z][^<>]*\son[a-z]+\s*=/gi, 'script attribute');
  note(withoutQuoted(markup), /<[a-z][^<>]*=\s*[^"\s>]/gi, 'attribute without quotes');
  note(text, /\b(?:href|src|action)="javascript:/gi, 'script address');
  return faults;
}

/** Tags with the content of their quoted attributes blanked; text between tags stays as it is. */
function withoutQuoted(markup: string): string {
  const tag = /<[a-z](?:"[^"]*"|'[^']*'|[^"'<>])*>/gi;
  return markup.replace(tag, (found) => found.replace(/"[^"]*"|'[^']*'/g, (quoted) => `"${' '.repeat(quoted.length - 2)}"`));
}

function blank(found: string): string {
  return found.replace(/[^\n]/g, ' ');
}

function lineOf(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

/** Lines of code (comments apart) that match. */
export function codeMatching(files: readonly SourceFile[], pattern: RegExp): string[] {
  return linesMatching(
    files.map((file) => ({ path: file.path, text: withoutComments(file.text) })),
    (line) => pattern.test(line),
  );
}
