import { rm } from 'node:fs/promises';
import { writeWhole } from '@unweather/core-tensor';
import { publicTypes } from './public-types.js';
import { publishable, TYPES, typesOf } from './workspace.js';

// `npx nx run publishing:types`: writes the public types of every package to publishing/types.
await rm(TYPES, { recursive: true, force: true });
for (const [folder, text] of publicTypes(await publishable())) await writeWhole(typesOf(folder), text);
