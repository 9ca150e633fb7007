import type { CliCommand } from '../command.js';
import { describeImport, type ImportOptions, runImportCommand } from './import.js';

export const importCommand: CliCommand = {
  name: 'import',
  describe: describeImport,
  run: (context, options) => runImportCommand(options as unknown as ImportOptions, context.engineOptions()),
};
