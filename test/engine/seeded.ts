import { seeded as randomFrom } from '../../engine/trial/index.js';

export { randomFrom };

/** Numbers in [0, 1) that a seed repeats. The seed is printed; `CHARTER_SEED` sets it. */
export function seeded(): () => number {
  const seed = Number(process.env.CHARTER_SEED ?? Math.floor(Math.random() * 2 ** 31));
  process.stdout.write(`CHARTER_SEED=${seed}\n`);
  return randomFrom(seed);
}
