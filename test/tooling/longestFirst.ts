/** Takes the longest files first: begun last, one of them would keep the run waiting while the other worker has nothing left to do. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** A fresh checkout does not know how long each took before. */
const LONGEST = [
  'server/demo/demonstration',
  'browser/staff',
  'browser/auditor',
  'engine/store/largeList',
  'engine/randomWalks',
  'server/cli/start',
  'engine/integrity/random',
  'server/import/',
];

const place = ({ moduleId }: TestSpecification): number => {
  const found = LONGEST.findIndex((path) => moduleId.includes(`/test/${path}`));
  return found < 0 ? LONGEST.length : found;
};

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}
