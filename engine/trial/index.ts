/** Trying definitions out: scenarios, exploration, random walks, all on the engine's own decisions. */
export { tryOutApart } from './apart.js';
export { invariantBroken } from './invariants.js';
export { sampleValues, sampleWorld } from './samples.js';
export { runScenarios } from './scenario.js';
export { seeded } from './seeded.js';
export { type Simulation, simulate } from './simulation.js';
export { tryOut, tryScenarios } from './tryOut.js';
