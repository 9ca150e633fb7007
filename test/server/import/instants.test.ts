import { describe, expect, it } from 'vitest';
import { createInstantReader, formatIsUsable } from '../../../server/import/instants.js';

describe('instants of another system', () => {
  const read = createInstantReader('D/M/YYYY HH:mm', 'UTC');

  it('are read in the order the format names', () => {
    expect(read('29/2/2016 01:16')).toBe(Date.UTC(2016, 1, 29, 1, 16));
    expect(createInstantReader('YYYY-MM-DD HH:mm:ss', 'UTC')('2016-02-29 23:59:58')).toBe(Date.UTC(2016, 1, 29, 23, 59, 58));
  });

  it.each([
    '',
    '?',
    '30/2/2016 01:00',
    '1/13/2016 01:00',
    '1/1/2016 24:00',
    '1/1/2016 1:00',
    ' 1/1/2016 01:00',
    '1/1/2016 01:00 ',
    '1/1/16 01:00',
    '0/1/2016 00:00',
  ])('that are none are told apart: %j', (text) => {
    expect(read(text)).toBeNull();
  });

  it('are taken in the named zone, and an hour that the clocks leave out is no instant', () => {
    const berlin = createInstantReader('D/M/YYYY HH:mm', 'Europe/Berlin');
    expect(berlin('1/7/2016 12:00')).toBe(Date.UTC(2016, 6, 1, 10, 0));
    expect(berlin('27/3/2016 02:30')).toBeNull();
  });

  it('need a format with a whole date, each part once', () => {
    expect(formatIsUsable('D/M/YYYY HH:mm')).toBe(true);
    expect(formatIsUsable('D/M HH:mm')).toBe(false);
    expect(formatIsUsable('D/M/YYYY D')).toBe(false);
  });

  it('treat everything in the format that is no part as it stands', () => {
    expect(createInstantReader('YYYY.MM.DD (HH:mm)', 'UTC')('2016.02.01 (10:00)')).toBe(Date.UTC(2016, 1, 1, 10));
    expect(createInstantReader('YYYY.MM.DD', 'UTC')('2016x02x01')).toBeNull();
  });
});
