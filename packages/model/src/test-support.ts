export { temporaryFolder } from '../../../vitest/folder.js';
