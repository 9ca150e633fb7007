/** `charter start`: serves until it is told to stop. */
import type { Command } from 'commander';
import { start } from '../../start.js';
import type { CliCommand, CommandContext } from '../command.js';

function describe(command: Command): Command {
  return command
    .description('Migrates the store, publishes the process folders and serves.')
    .option('--demo', 'fill an empty store with a demonstration organisation and print its sign-ins')
    .option('--json', 'print {"address","setUp"} instead of sentences')
    .addHelpText(
      'after',
      '\nSettings are environment variables: PORT, HOST, PUBLIC_URL, DATABASE_URL, DATABASE_REPLICA_URLS, DATABASE_CONNECTIONS, DATA_DIR, PROCESSES_DIR, RULES_DIR, SECRET_KEY, SMTP_URL, TRUST_PROXY, LOG_LEVEL, MAX_REQUESTS, CHARTER_CLOCK, DRAIN_SECONDS, OTEL_EXPORTER_OTLP_ENDPOINT.',
    );
}

/** Resolves at the first SIGTERM or SIGINT; a second one ends at once. */
function untilTold(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
}

async function loadDemo(context: CommandContext): Promise<void> {
  process.stderr.write('charter: playing the demonstration, a year of work; this takes a minute or two.\n');
  const { loadDemonstration } = await import('../../demo/index.js');
  let leftOut = 0;
  const signIns = await loadDemonstration(context.engineOptions(), {
    leftOut: () => {
      leftOut += 1;
    },
  });
  if (leftOut > 0) process.stderr.write(`charter: ${leftOut} steps of the year did not fit the days it fell on and were left out.\n`);
  if (signIns === null)
    process.stderr.write('charter: the store is not empty; the demonstration was left out, and its sign-ins are as they were printed then.\n');
  for (const { name, password, role } of signIns ?? []) context.print(`${name} ${password} ${role}`);
}

export const startCommand: CliCommand = {
  name: 'start',
  describe,
  run: async (context, options) => {
    if (options.demo === true) await loadDemo(context);
    const config = context.config();
    const running = await start({
      config,
      engineOptions: {
        ...context.engineOptions(),
        replicas: config.databaseReplicaUrls,
        ...(config.databaseConnections === null ? {} : { connections: config.databaseConnections }),
      },
    });
    if (options.json === true) context.print(JSON.stringify({ address: running.address, setUp: running.setUpLink }));
    else {
      context.print(`Charter serves on ${running.address}`);
      if (running.setUpLink) context.print(`Nobody can sign in yet. Make the first administrator here (once): ${running.setUpLink}`);
    }
    await untilTold();
    await running.close();
    return 0;
  },
};
