export { carriedOf } from './carried.js';
export { testEachNetwork } from './each-network.js';
export { temporaryFolder, writePairs } from './files.js';
export { someGoldens } from './goldens.js';
export { inProcess } from './in-process.js';
export { differenceByPasses, differenceByRewriting } from './passes.js';
export { benchmarkProblems, publishedProblems } from './problems.js';
export { type Ended, type Run, runnerOf } from './run.js';
export { differenceByRuntimes } from './runtimes.js';
