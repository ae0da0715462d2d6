export { carriedOf } from './carried.js';
export { temporaryFolder, writePairs } from './files.js';
export { differenceByPasses } from './passes.js';
export { benchmarkProblems, publishedProblems } from './problems.js';
export { type Ended, type Run, runnerOf } from './run.js';
export { differenceByRuntimes } from './runtimes.js';
