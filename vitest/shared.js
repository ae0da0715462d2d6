import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import LongestFirst from './sequencer.js';

/** Path of Chromium; where none is found, what the browser's failure to start then says. */
function chromium() {
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  const candidates = process.env.PATH.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  const missing = 'no Chromium was found: "apt-get install chromium", or name one by CHROME_PATH';
  return process.env.CHROME_PATH ?? candidates.find((path) => existsSync(path)) ?? missing;
}

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/**
 * Tests are compiled by the same `tsc -b` as the code beside them and run from dist: what is tested is the JavaScript
 * that ships, and worker threads load their real files.
 */
export default defineConfig({
  test: {
    include: ['dist/**/*.test.js'],
    tags: [{ name: 'whole', description: 'left to npm run test:all' }],
    // A limit is for what hangs: ten times what the slowest test takes alone, on one slow core.
    testTimeout: 3_600_000,
    hookTimeout: 3_600_000,
    teardownTimeout: 3_600_000,
    watch: false,
    // As many files at once as there are cores, each computing by one thread.
    sequence: { sequencer: LongestFirst },
    // Files of one worker share the modules they import; to load them anew for each took a sixth of the time.
    isolate: false,
    maxWorkers: availableParallelism(),
    env: { CHROME_PATH: chromium(), OMP_NUM_THREADS: '1', VIPS_CONCURRENCY: '1', NX_PARALLEL: '1' },
    // Node loads the compiled files itself, as a user's Node does; only those of tests go through Vite.
    server: { deps: { external: [/\/dist\/(?!.*\.test\.js$)/] } },
    globalSetup: here('temporary.js'),
    setupFiles: here('setup.js'),
    reporters: ['default', here('reporter.js')],
  },
});
