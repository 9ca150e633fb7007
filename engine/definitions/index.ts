/** From authored JSON to checked, versioned, frozen definitions. The only door of this folder. */
export { checkAll, type CheckedSources, type KnownProcess } from './checkAll.js';
export { checkProcess, type CheckedFolder } from './checkProcess.js';
export { difference, type Comparable } from './difference.js';
export { readFolder, readFolders, watchFolders } from './folder.js';
export { deepFreeze } from './freeze.js';
export * from './normal.js';
export { joinPointer, splitPointer, valueAt } from './pointer.js';
export { problemTable, type ProblemCode } from './problems.js';
export { publishedSchemas } from './publishedSchemas.js';
export { readJson, type ReadJson } from './read.js';
export { readShared, type CheckedShared } from './sharedRules.js';
export { closeOver, parseVersion, referenceVersion, type DefinitionVersion } from './version.js';
