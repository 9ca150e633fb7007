/** Clients that keep a server busy over HTTP and never give up a request: what is not answered is sent again under its key. */
import { randomInt, randomUUID } from 'node:crypto';
import { monotonic, systemClock } from '../../engine/index.js';
import { Ledger } from './ledger.js';
import { ask, insist, type Reply } from './server.js';

export interface Load {
  readonly ledger: Ledger;
  /** Refusals that are none of the chart's: `status code`. */
  readonly refused: string[];
  /** Lets each client finish what it began. */
  stop(): Promise<void>;
  /** Lets each client go, answered or not. */
  abandon(): Promise<void>;
}

interface Client {
  /** One of the servers, another each time. */
  readonly address: () => string;
  readonly load: { readonly ledger: Ledger; readonly refused: string[] };
  readonly jobs: readonly string[];
  readonly gone: () => boolean;
}

/** Starts `clients`, on jobs they make first; requests are spread over all servers. */
export async function startLoad(servers: string | readonly string[], clients: number): Promise<Load> {
  const addresses = [servers].flat();
  const address = (): string => addresses[randomInt(addresses.length)] as string;
  const ledger = new Ledger();
  const refused: string[] = [];
  let [stopping, gone] = [false, false];
  const shared = { address, load: { ledger, refused }, gone: () => gone };
  const jobs = await Promise.all(Array.from({ length: 6 }, () => open({ ...shared, jobs: [] })));
  const client: Client = { ...shared, jobs: jobs.filter((id) => id !== null) };
  for (const [index, job] of client.jobs.entries()) await join(client, job, client.jobs[(index + 1) % client.jobs.length] as string);
  const ended = Promise.all(
    Array.from({ length: clients }, async () => {
      while (!stopping && !gone) await ([move, say, tell, open, attach][randomInt(5)] as (client: Client) => Promise<unknown>)(client);
    }),
  );
  return {
    ledger,
    refused,
    async stop() {
      stopping = true;
      await ended;
    },
    async abandon() {
      gone = true;
      await ended;
    },
  };
}

/** Notes what the answer acknowledges. */
function note({ load }: Client, reply: Reply | null, token?: string): void {
  if (!reply) return;
  if (reply.status >= 200 && reply.status < 300)
    load.ledger.note({ at: systemClock.now(), record: String(reply.body.id), sequence: Number(reply.body.version), ...(token === undefined ? {} : { token }) });
  else if (reply.status !== 409) load.refused.push(`${reply.status} ${String(reply.body.code)}`);
}

async function open(client: Client): Promise<string | null> {
  const token = randomUUID();
  client.load.ledger.sent.add(token);
  const reply = await insist(client.address, '/api/v1/records', { body: { process: 'job', data: { title: token } }, key: token, stop: client.gone });
  note(client, reply, token);
  return reply ? String(reply.body.id) : null;
}

/** In a ring, each job tells its two neighbours. */
async function join(client: Client, job: string, to: string): Promise<void> {
  const body = { name: 'peer', to };
  note(client, await insist(client.address, `/api/v1/records/${job}/links`, { body, key: randomUUID(), stop: client.gone }));
}

const anyJob = ({ jobs }: Client): string => jobs[randomInt(jobs.length)] as string;

async function move(client: Client): Promise<void> {
  const body = { type: randomInt(3) === 0 ? 'STOP' : 'START', data: {} };
  note(client, await insist(client.address, `/api/v1/records/${anyJob(client)}/events`, { body, key: randomUUID(), stop: client.gone }));
}

async function tell(client: Client): Promise<void> {
  const token = randomUUID();
  client.load.ledger.sent.add(token);
  const body = { type: 'TELL', data: { token } };
  note(client, await insist(client.address, `/api/v1/records/${anyJob(client)}/events`, { body, key: token, stop: client.gone }), token);
}

async function say(client: Client): Promise<void> {
  const text = randomUUID();
  client.load.ledger.sent.add(text);
  note(client, await insist(client.address, `/api/v1/records/${anyJob(client)}/comments`, { body: { text }, key: text, stop: client.gone }), text);
}

/** Its file must be there, whole, if its step is. */
async function attach(client: Client): Promise<void> {
  const name = randomUUID();
  client.load.ledger.sent.add(name);
  const body = new FormData();
  body.set('file', new Blob([name.repeat(100)], { type: 'text/plain' }), name);
  note(client, await insist(client.address, `/api/v1/records/${anyJob(client)}/attachments`, { body, key: name, stop: client.gone }), name);
}

/** Pages of a server under load: how long each took, in milliseconds. */
export async function timedAnswers(address: string, path: string, count: number): Promise<readonly number[]> {
  const times: number[] = [];
  for (let asked = 0; asked < count; asked += 1) {
    const began = monotonic();
    const { status } = await ask(address, path);
    if (status !== 200) throw new Error(`${path} answered ${status}`);
    times.push(monotonic() - began);
  }
  return times;
}
