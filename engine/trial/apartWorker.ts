/** A thread that tries out its share of the processes. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Share } from './apart.js';
import { tryOut } from './tryOut.js';

const { sources, only } = workerData as Share;
const { problems, processes } = tryOut(sources, new Set(only));
parentPort?.postMessage({ problems, processes });
