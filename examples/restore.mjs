// node examples/restore.mjs RAINY CLEAN: removes rain from one photograph.
import { load } from '@unweather/durn';

const [rainy, clean] = process.argv.slice(2);
const model = await load({ task: 'rain' });
const restored = await model.restore(rainy);
await restored.toFile(clean);
console.log(`${clean}: ${restored.width}×${restored.height}, by ${model.network} (${model.engine})`);
await model.dispose();
