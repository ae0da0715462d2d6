// node restore.mjs PHOTO OUT
import { load } from '@unweather/durn';

const [photo, out] = process.argv.slice(2);
const model = await load({ threads: 1 });
const restored = await model.restore(photo);
await restored.toFile(out);
await model.dispose();
