/** Process design: the list at `/owner`, each process under `/processes/<key>`. Everybody who may read a process looks at it here, owners change it. */
import type { Route } from '../web/route.js';
import { checkDraft, dropDraft, saveEdit, showEditor } from './editorPages.js';
import { askNewProcess, createProcess } from './newProcessPages.js';
import { owner, reader } from './processFrame.js';
import { listProcesses } from './processList.js';
import { sendDrawing, showDrawing, showSentences } from './processPages.js';
import { publishDraft, reviewDraft } from './publishPages.js';
import { showScenarios } from './scenarioPages.js';
import { compareVersions, listVersions, restoreVersion, showVersion } from './versionPages.js';

/** A whole file fits into one form; the checker's own limits are smaller. */
const FILE_LIMIT = 4 * 1024 * 1024;

export function ownerRoutes(): readonly Route[] {
  const look = (path: string, handle: Route['handle']): Route => ({ method: 'get', path, allow: reader, handle });
  const ask = (path: string, handle: Route['handle']): Route => ({ method: 'get', path, allow: owner, handle });
  const write = (path: string, handle: Route['handle']): Route => ({ method: 'post', path, allow: owner, limit: FILE_LIMIT, handle });
  return [
    look('/owner', listProcesses),
    ask('/processes/new', askNewProcess),
    write('/processes/new', createProcess),
    look('/processes/:key', showDrawing),
    look('/processes/:key/drawing.svg', sendDrawing),
    look('/processes/:key/sentences', showSentences),
    look('/processes/:key/versions', listVersions),
    look('/processes/:key/versions/:hash', showVersion),
    write('/processes/:key/versions/:hash', restoreVersion),
    look('/processes/:key/compare', compareVersions),
    look('/processes/:key/scenarios', showScenarios),
    ask('/processes/:key/edit', showEditor),
    write('/processes/:key/edit', saveEdit),
    write('/processes/:key/check', checkDraft),
    write('/processes/:key/drop', dropDraft),
    ask('/processes/:key/publish', reviewDraft),
    write('/processes/:key/publish', publishDraft),
  ];
}
