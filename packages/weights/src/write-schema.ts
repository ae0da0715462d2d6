import { fileURLToPath } from 'node:url';
import { writeWhole } from '@unweather/core-tensor';
import { manifestSchema } from './packages/manifest.js';

// Run by `npm run schema -w @unweather/weights` after the manifest's schema has changed.
await writeWhole(fileURLToPath(new URL('../weights.schema.json', import.meta.url)), manifestSchema());
