import { copyFile } from 'node:fs/promises';
import { registryPath } from './registry.js';

// Run by the build: the npm package cannot read datasets.json from the repository.
await copyFile(registryPath(), new URL('./datasets.json', import.meta.url));
