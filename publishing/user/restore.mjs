// node restore.mjs PHOTO WEIGHTS OUT
import { load } from '@unweather/durn';

const [photo, weights, out] = process.argv.slice(2);
const model = await load({ weights, threads: 1 });
const restored = await model.restore(photo);
await restored.toFile(out);
await model.dispose();
