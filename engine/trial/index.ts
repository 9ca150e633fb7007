/** Trying definitions out: scenarios, exploration, random walks, all on the engine's own decisions. */

export { type Exploration, explore } from './explore.js';
export { invariantBroken } from './invariants.js';
export { sampleValues, sampleWorld } from './samples.js';
export { runScenarios, runWithCoverage, type ScenarioRun, type ScenarioSurroundings } from './scenario.js';
export { type Simulation, type SimulationWorld, simulate } from './simulation.js';
export { type TriedOut, tryOut } from './tryOut.js';
