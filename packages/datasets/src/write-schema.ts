import { fileURLToPath } from 'node:url';
import { writeWhole } from '@unweather/core-tensor';
import { registrySchema } from './registry.js';

// Run by `npm run schema -w @unweather/datasets` after the registry's schema has changed.
await writeWhole(fileURLToPath(new URL('../datasets.schema.json', import.meta.url)), registrySchema());
