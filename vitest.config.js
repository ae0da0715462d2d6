import { mergeConfig } from 'vitest/config';
import shared from './vitest/shared.js';

/** The tests of all packages in one run, so that no core waits for another package's tests. */
export default mergeConfig(shared, {
  test: { projects: ['packages/*', 'apps/*', 'campaign', 'docs', 'examples', 'publishing'] },
});
