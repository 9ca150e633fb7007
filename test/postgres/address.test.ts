import { describe, expect, it } from 'vitest';
import { travelsInClear } from '../../engine/index.js';
import { addressOf } from '../../engine/store/postgres/address.js';

it('an address may name a machine by its number, also a long one', () => {
  expect(addressOf('postgres://charter@[2001:db8::7]:5433/charter')).toMatchObject({ host: '2001:db8::7', port: 5433 });
});

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
