/** The only door to the engine. Its names are pinned by a test. */
export { type BenchOptions, type BenchRow, measureEngine } from './bench/index.js';
export { type Clock, createManualClock, every, type ManualClock, monotonic, pause, systemClock } from './clock.js';
export { createEngine, type EngineOptions, type RunningEngine } from './createEngine.js';
export type * from './definitions/authored.js';
export { publishedSchemas, readFolder, readFolders } from './definitions/index.js';
export type * from './engine.js';
export { catalogue, EngineError, type ErrorCode, type FieldProblem } from './errors.js';
export { type CutReport, cutStore } from './integrity/cut.js';
export { changeKey } from './integrity/keys.js';
export type { Carried, Observation, Observer, StepTimes, Undertaking } from './observing.js';
export { describeRule, durationWords, formatDuration, operators, parseDuration, parseInstant } from './rules/index.js';
export { type CopyReport, copyStore, lockServer, storeExists, travelsInClear } from './store/index.js';
export type {
  ActivationRow,
  AttachmentRow,
  CheckpointRow,
  CommentRow,
  DraftRow,
  HistoryArchive,
  HistoryMonth,
  LimitStore,
  Page,
  PeopleStore,
  QueuedEffect,
  RecordColumns,
  RecordQuery,
  SessionRow,
  TeamRow,
  TokenRow,
  UserRow,
} from './store/types.js';
export { seeded, tryOutApart } from './trial/index.js';
export type * from './types.js';
