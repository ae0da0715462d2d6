import { defineConfig } from 'vitest/config';

/**
 * Tests are compiled by the same `tsc -b` as the code beside them and run from dist: what is tested is the JavaScript
 * that ships, and worker threads load their real files.
 */
export default defineConfig({
  test: { include: ['dist/**/*.test.js'], testTimeout: 600_000, hookTimeout: 600_000, watch: false },
});
