import { join } from 'node:path';
import { writeWhole } from '@unweather/core-tensor';
import { DATASETS_PAGE, datasetsPage } from './datasets-page.js';
import { ROOT } from './workspace.js';

// Run by `npx nx run docs:datasets` after datasets.json, a paper's benchmarks, published.json or speed.json have changed.
await writeWhole(join(ROOT, DATASETS_PAGE), await datasetsPage());
