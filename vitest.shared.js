import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Where Chromium lies; where none is found, what the browser's failure to start then says. */
function chromium() {
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  const candidates = process.env.PATH.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  const missing = 'no Chromium was found: "apt-get install chromium", or name one by CHROME_PATH';
  return process.env.CHROME_PATH ?? candidates.find((path) => existsSync(path)) ?? missing;
}

/**
 * Tests are compiled by the same `tsc -b` as the code beside them and run from dist: what is tested is the JavaScript
 * that ships, and worker threads load their real files.
 */
export default defineConfig({
  test: {
    include: ['dist/**/*.test.js'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    watch: false,
    env: { CHROME_PATH: chromium() },
  },
});
