/** Trying definitions out: scenarios, exploration, random walks, all on the engine's own decisions. */
export { type ScenarioRun, type ScenarioSurroundings, runScenarios, runWithCoverage } from './scenario.js';
export { explore, type Exploration } from './explore.js';
export { sampleValues, sampleWorld } from './samples.js';
export { simulate, type Simulation, type SimulationWorld } from './simulation.js';
export { type TriedOut, tryOut } from './tryOut.js';
export { invariantBroken } from './invariants.js';
