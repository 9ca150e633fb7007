/** Numbers in [0, 1) that a seed repeats. The seed is printed; `CHARTER_SEED` sets it. */
export function seeded(): () => number {
  const seed = Number(process.env.CHARTER_SEED ?? Math.floor(Math.random() * 2 ** 31));
  process.stdout.write(`CHARTER_SEED=${seed}\n`);
  return randomFrom(seed);
}

/** Mulberry32: small, fast, good enough to choose by. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
