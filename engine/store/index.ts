/** The door of the store. */
export { type CopyReport, copyStore } from './copy/index.js';
export { openStore } from './openStore.js';
export { storeExists, travelsInClear } from './place.js';
export { fold } from './reading/fold.js';
export { lockServer } from './serverLock.js';
export type * from './types.js';
export { numberKey, targetOf } from './writing/rows.js';
