/** What a command is. Adding one: a file in `commands/`, and its line in `main.ts`. */
import type { Command } from 'commander';
import type { EngineOptions, RunningEngine } from '../../engine/index.js';
import type { Config } from '../config.js';

export interface CommandContext {
  /** Read when first asked for, so that `--help` and commands without a store need no configuration. */
  config(): Config;
  engineOptions(): EngineOptions;
  /** An engine beside any server that runs; closed when the command ends. */
  open(): Promise<RunningEngine>;
  /** One line to standard output. */
  print(line: string): void;
}

export interface CliCommand {
  readonly name: string;
  /** Says what it does and declares arguments and options; `--json` included where it applies. */
  readonly describe: (command: Command) => Command;
  /** @returns the exit code; errors of the catalogue are printed by `main.ts` and exit 1. */
  readonly run: (context: CommandContext, options: Readonly<Record<string, unknown>>, args: readonly string[]) => Promise<number>;
}
