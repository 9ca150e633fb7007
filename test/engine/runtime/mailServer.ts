/** A mail server that takes everything and keeps it: real SMTP (RFC 5321) on a port of its own. */
import { createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface TakenMail {
  readonly recipients: readonly string[];
  readonly text: string;
}

export interface MailServer {
  readonly url: string;
  readonly mails: readonly TakenMail[];
  /** Answers the next mails with a temporary failure. */
  refuse(times: number): void;
}

export async function mailServer(): Promise<MailServer> {
  const mails: TakenMail[] = [];
  let refusals = 0;
  const serve = (socket: Socket): void => {
    let recipients: string[] = [];
    let text: string | null = null;
    let rest = '';
    const answer = (line: string) => socket.write(`${line}\r\n`);
    const take = (line: string): void => {
      if (text !== null) {
        if (line !== '.') text += `${line}\n`;
        else {
          mails.push({ recipients, text });
          [recipients, text] = [[], null];
          answer('250 taken');
        }
        return;
      }
      const verb = line.slice(0, 4).toUpperCase();
      if (verb === 'RCPT' && refusals > 0) {
        refusals -= 1;
        answer('451 not now');
      } else if (verb === 'RCPT') {
        recipients.push(line.replace(/^.*<|>.*$/g, ''));
        answer('250 ok');
      } else if (verb === 'DATA') {
        text = '';
        answer('354 go on');
      } else answer(verb === 'QUIT' ? '221 bye' : '250 ok');
    };
    answer('220 test');
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      const lines = (rest + chunk.toString('utf8')).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) take(line);
    });
  };
  const server = createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { url: `smtp://127.0.0.1:${port}`, mails, refuse: (times) => void (refusals = times) };
}
