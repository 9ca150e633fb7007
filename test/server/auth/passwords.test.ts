import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../engine/index.js';
import { createPasswords, generatePassword, passwordProblem } from '../../../server/auth/passwords.js';

const quick = { logCost: 10 };
const ada = { id: 'ada', name: 'Ada' };

describe('passwords', () => {
  it('are kept as PHC strings that fit only the password they were made from', async () => {
    const passwords = createPasswords(quick);
    const hash = await passwords.hash('correct horse battery');
    expect(hash).toMatch(/^\$scrypt\$ln=10,r=8,p=1\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+$/);
    expect(await passwords.fits('correct horse battery', hash)).toBe(true);
    expect(await passwords.fits('correct horse batterz', hash)).toBe(false);
  });

  it('hash with N=2^17 when nothing else is said', async () => {
    expect(await createPasswords().hash('correct horse battery')).toContain('$scrypt$ln=17,r=8,p=1$');
  });

  it('never fit when there is no such person, and a damaged hash fits nothing', async () => {
    const passwords = createPasswords(quick);
    expect(await passwords.fits('anything', null)).toBe(false);
    expect(await passwords.fits('anything', '$bcrypt$no')).toBe(false);
  });

  it('fit whichever way the same letters were composed', async () => {
    const passwords = createPasswords(quick);
    const hash = await passwords.hash('caf\u00e9 au lait twice');
    expect(await passwords.fits('cafe\u0301 au lait twice', hash)).toBe(true);
  });

  it('W3: at most two are hashed at a time, few wait, and one more is told to come back', async () => {
    const passwords = createPasswords({ logCost: 12, width: 2, waiting: 3 });
    const tries = Array.from({ length: 8 }, () => passwords.fits('x', null).catch((error: unknown) => error));
    const results = await Promise.all(tries);
    const refused = results.filter((result) => result instanceof EngineError);
    expect(refused).toHaveLength(3);
    expect((refused[0] as EngineError).code).toBe('TOO_MANY');
    expect(await passwords.fits('x', null)).toBe(false);
  });

  it.each(['short', 'aaaaaaaaaaaaaaaa', 'password1234', 'passwordpassword', 'x'.repeat(257), 'ada-ada-ada1'])('refuses %s as a new one', (password) => {
    expect(passwordProblem(password, ada)).not.toBeNull();
  });

  it.each(['correct horse battery', 'Çalışmıyor ama güzel', generatePassword()])('takes %s', (password) => {
    expect(passwordProblem(password, ada)).toBeNull();
  });

  it('are generated never twice the same', () => {
    expect(new Set(Array.from({ length: 200 }, generatePassword)).size).toBe(200);
  });
});
