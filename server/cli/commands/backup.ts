/** `charter backup FILE`: one file with everything, made while the server goes on. */
import type { Command } from 'commander';
import { makeBackup } from '../backup/make.js';
import type { CliCommand } from '../command.js';
import { withExistingStore } from '../existingStore.js';

function describe(command: Command): Command {
  return command
    .description('Writes the database, the attachments and the kept secret key into one new file.')
    .argument('<file>', 'a new file; a gzipped tar archive by content, e.g. charter-2026-03-02.tar.gz')
    .option('--json', 'print {"file","bytes","files","madeAt"}')
    .addHelpText(
      'after',
      '\nThe file holds everything that was entrusted to Charter; it is readable for its owner alone. Test it with: charter restore FILE, with DATA_DIR set to an empty folder.',
    );
}

export const backupCommand: CliCommand = {
  name: 'backup',
  describe,
  run: (context, options, [file = '']) =>
    withExistingStore(context, async (engine) => {
      const { manifest, bytes } = await makeBackup({ engine, dataDir: context.config().dataDir, file });
      const { files, madeAt } = manifest;
      context.print(options.json === true ? JSON.stringify({ file, bytes, files: files.length, madeAt }) : `${file}: ${files.length} files, ${bytes} bytes.`);
      return 0;
    }),
};
