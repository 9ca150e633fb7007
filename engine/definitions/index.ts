/** From authored JSON to checked, versioned, frozen definitions. The only door of this folder. */
export { checkAll } from './checkAll.js';
export { checkerMark } from './checkerMark.js';
export { checkProcess } from './checkProcess.js';
export { difference } from './difference.js';
export { type Fingerprints, fingerprintsOf } from './fingerprints.js';
export { readFolder, readFolders, watchFolders } from './folder.js';
export * from './normal.js';
export { type ProblemCode, problemTable } from './problems.js';
export { publishedSchemas } from './publishedSchemas.js';
export { readJson } from './read.js';
export { readShared } from './sharedRules.js';
export { closeOver, type DefinitionVersion, parseVersion, referenceVersion } from './version.js';
