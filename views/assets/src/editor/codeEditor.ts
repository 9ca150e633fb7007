/** CodeMirror for JSON: completion and explanations from the published schema, underlines from the server's checker. */
import { json, jsonLanguage } from '@codemirror/lang-json';
import { type Diagnostic, forceLinting, linter, lintGutter } from '@codemirror/lint';
import { EditorState, type Extension } from '@codemirror/state';
import { hoverTooltip, keymap } from '@codemirror/view';
import { basicSetup, EditorView } from 'codemirror';
import * as schemaSupport from 'codemirror-json-schema';
import type { Problem } from './problem.js';
import { colours } from './theme.js';

/** These two are exported too, but the package's own type files name them in a way TypeScript cannot follow. */
const { stateExtensions, updateSchema } = schemaSupport as unknown as { stateExtensions(): Extension; updateSchema(view: EditorView, schema: object): void };
const { handleRefresh, jsonCompletion, jsonSchemaHover } = schemaSupport;

export interface EditorOptions {
  readonly place: HTMLElement;
  readonly text: string;
  readonly label: string;
  /** Address of the JSON Schema. */
  readonly schema: string;
  readonly check: (text: string) => Promise<readonly Problem[]>;
  readonly changed: (text: string) => void;
}

export interface CodeEditor {
  focus(): void;
  jump(line: number, column: number): void;
}

export function createEditor(options: EditorOptions): CodeEditor {
  const root = options.place.attachShadow({ mode: 'open' });
  const view = new EditorView({
    root,
    parent: root as unknown as Element,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        basicSetup,
        json(),
        colours,
        lintGutter(),
        linter(async ({ state }) => (await options.check(state.doc.toString())).map((problem) => diagnostic(problem, state)), {
          delay: 700,
          needsRefresh: handleRefresh,
        }),
        jsonLanguage.data.of({ autocomplete: jsonCompletion() }),
        hoverTooltip(jsonSchemaHover()),
        stateExtensions(),
        EditorView.updateListener.of((update) => update.docChanged && options.changed(update.state.doc.toString())),
        EditorView.contentAttributes.of({ 'aria-label': options.label, tabindex: '0' }),
        EditorState.tabSize.of(2),
        keymap.of([{ key: 'Mod-s', preventDefault: true, run: keepNow }]),
      ],
    }),
  });
  void loadSchema(options.schema, view);
  return { focus: () => view.focus(), jump: (line, column) => jump(view, line, column) };
}

/** Ctrl-S keeps and checks at once instead of saving the page. */
function keepNow(editor: EditorView): boolean {
  forceLinting(editor);
  return true;
}

async function loadSchema(address: string, view: EditorView): Promise<void> {
  const response = await fetch(address, { headers: { Accept: 'application/json' } }).catch(() => null);
  if (response?.ok) updateSchema(view, (await response.json()) as object);
}

function offset(state: EditorState, line: number, column: number): number {
  const found = state.doc.line(Math.min(Math.max(line, 1), state.doc.lines));
  return Math.min(found.from + Math.max(column, 1) - 1, found.to);
}

/** Underlines from the place to the end of the word or string that begins there. */
function diagnostic(problem: Problem, state: EditorState): Diagnostic {
  const from = offset(state, problem.line, problem.column);
  const rest = state.doc.lineAt(from).text.slice(from - state.doc.lineAt(from).from);
  const length = /^(?:"(?:[^"\\]|\\.)*"|[\w.+-]+|.)/.exec(rest)?.[0].length ?? 0;
  return { from, to: from + length, severity: problem.severity, message: `${problem.message} ${problem.remedy}`, source: problem.code };
}

function jump(view: EditorView, line: number, column: number): void {
  const at = offset(view.state, line, column);
  view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: 'center' }) });
  view.focus();
}
