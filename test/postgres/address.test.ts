import { describe, expect, it } from 'vitest';
import { travelsInClear } from '../../engine/index.js';

describe('an address without TLS', () => {
  it('is warned of when it leads to another machine', () => {
    expect(travelsInClear('postgres://charter@db.example/charter')).toBe(true);
    expect(travelsInClear('postgres://charter@10.0.0.7/charter?sslmode=disable')).toBe(true);
    expect(travelsInClear('postgres://charter@db.example/charter?sslmode=verify-full')).toBe(false);
    expect(travelsInClear('postgres://charter@db.example/charter?sslmode=no-verify')).toBe(false);
  });

  it('is nothing to warn of on this machine', () => {
    for (const host of ['localhost', '127.0.0.1', '[::1]']) expect(travelsInClear(`postgres://charter@${host}/charter`)).toBe(false);
    expect(travelsInClear('postgres://charter@socket/charter?host=/var/run/postgresql')).toBe(false);
    expect(travelsInClear('sqlite:/data/charter.sqlite')).toBe(false);
  });
});
