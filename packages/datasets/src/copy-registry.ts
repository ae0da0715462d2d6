import { copyFile } from 'node:fs/promises';
import { registryPath } from './registry.js';

// Run by the build: the package on npm has no repository around it from which datasets.json could be read.
await copyFile(registryPath(), new URL('./datasets.json', import.meta.url));
