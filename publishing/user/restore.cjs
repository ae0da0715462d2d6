// node restore.cjs PHOTO OUT: CommonJS takes ES modules by import().
const [photo, out] = process.argv.slice(2);
import('@unweather/durn').then(async ({ load }) => {
  const model = await load({ threads: 1 });
  const restored = await model.restore(photo);
  await restored.toFile(out);
  await model.dispose();
});
