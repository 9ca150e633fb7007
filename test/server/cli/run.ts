/** Runs one command as `main.ts` would, in process, on an installation of its own. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { onTestFinished } from 'vitest';
import { type Actor, createEngine, createManualClock, EngineError, type EngineOptions, type ManualClock, type RunningEngine } from '../../../engine/index.js';
import type { CliCommand, CommandContext } from '../../../server/cli/command.js';
import { readConfig } from '../../../server/config.js';
import { smallProcesses, smallRules } from '../api/smallProcesses.js';

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly error: EngineError | null;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely
  readonly json: any;
}

export interface Installation {
  readonly folder: string;
  readonly clock: ManualClock;
  readonly options: EngineOptions;
  run(command: CliCommand, ...argv: readonly string[]): Promise<Outcome>;
  /** Runs work on an engine of its own, as a server would. */
  serve<T>(work: (engine: RunningEngine) => Promise<T>): Promise<T>;
  /** Another place with the same definitions. */
  elsewhere(settings?: Readonly<Record<string, string>>): Installation;
}

export const agent: Actor = { id: 'agent', roles: ['agent'], teams: [] };

/** An installation with the small processes and an agent; `DATA_DIR` is made when something first uses it. `settings`: of the environment, besides the folders. */
export function installation(shared?: string, settings: Readonly<Record<string, string>> = {}): Installation {
  const folder = mkdtempSync(join(tmpdir(), 'charter-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  if (shared) for (const name of ['processes', 'rules']) cpSync(join(shared, name), join(folder, name), { recursive: true });
  else layFolders(folder);
  const folders = { DATA_DIR: join(folder, 'data'), PROCESSES_DIR: join(folder, 'processes'), RULES_DIR: join(folder, 'rules') };
  const environment = { ...folders, LOG_LEVEL: 'silent', ...settings };
  const clock = createManualClock(Date.parse('2026-03-02T09:00:00Z'));
  const options = (): EngineOptions => {
    const { clock: _kind, ...config } = readConfig(environment);
    return { ...config, clock };
  };
  return {
    folder,
    clock,
    get options() {
      return options();
    },
    run: (command, ...argv) => runCommand(command, argv, { config: () => readConfig(environment), engineOptions: options }),
    async serve(work) {
      const engine = await createEngine(options());
      await addAgent(engine);
      return work(engine).finally(() => engine.close());
    },
    elsewhere: (other) => installation(folder, other),
  };
}

async function addAgent(engine: RunningEngine): Promise<void> {
  if (await engine.people.user('agent')) return;
  await engine.people.saveUser({
    id: 'agent',
    name: 'Agent',
    email: null,
    passwordHash: null,
    roles: ['agent'],
    teams: [],
    zone: null,
    standIn: null,
    absentUntil: null,
    active: true,
    createdAt: 0,
  });
  await engine.users();
}

function layFolders(folder: string): void {
  const write = (path: string, content: unknown): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), JSON.stringify(content, null, 2));
  };
  mkdirSync(join(folder, 'rules', 'reference'), { recursive: true });
  for (const [key, files] of Object.entries(smallProcesses)) for (const [file, content] of Object.entries(files)) write(`processes/${key}/${file}`, content);
  for (const [path, content] of Object.entries(smallRules)) write(`rules/${path}`, content);
}

async function runCommand({ describe, run }: CliCommand, argv: readonly string[], parts: Pick<CommandContext, 'config' | 'engineOptions'>): Promise<Outcome> {
  const lines: string[] = [];
  const opened: RunningEngine[] = [];
  const context: CommandContext = {
    ...parts,
    open: async () => {
      const engine = await createEngine(parts.engineOptions());
      opened.push(engine);
      return engine;
    },
    print: (line) => void lines.push(line),
  };
  const command = describe(new Command('tested')).exitOverride();
  let code = 0;
  let error: EngineError | null = null;
  command.action(async () => {
    code = await run(context, command.opts(), command.args);
  });
  try {
    await command.parseAsync([...argv], { from: 'user' });
  } catch (thrown) {
    if (!(thrown instanceof EngineError)) throw thrown;
    [code, error] = [1, thrown];
  } finally {
    for (const engine of opened) await engine.close();
  }
  const out = lines.join('\n');
  return { code, out, error, json: out.startsWith('{') ? JSON.parse(out) : null };
}
