import { parseArgs } from 'node:util';
import { writeWhole } from '@unweather/core-tensor';
import { KEPT, keptSizes, measureSizes } from './measure-sizes.js';
import { sizeTable } from './size-table.js';
import { publishable } from './workspace.js';

// `npx nx run publishing:sizes`: prints the size of every package beside publishing/sizes.json, which `--write` renews.
const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });
const sizes = await measureSizes(await publishable());
console.log(sizeTable(sizes, await keptSizes()));
if (values.write) await writeWhole(KEPT, `${JSON.stringify(sizes, null, 2)}\n`);
