// What someone writes who installed @unweather/durn: it has to pass the compiler of theirs.
import { type FloatPicture, Restorer, readCheckpoint, readPicture, UserError } from '@unweather/core-tensor';
import { DuRN_S, load, type TaskName } from '@unweather/durn';

export async function clean(photo: string, task: TaskName, weights: string): Promise<Buffer> {
  await using model = await load({ task, weights });
  const restored = await model.restore(photo, { onProgress: ({ done, total }) => console.log(done / total) });
  await restored.toFile('clean.png', { depth: 16 });
  return restored.toBuffer('webp', { quality: 80 });
}

export async function byParts(photo: string, file: string): Promise<FloatPicture> {
  const network = new DuRN_S();
  const { weights } = await readCheckpoint(file, 'DuRN_S', network.parameters());
  if (weights.size === 0) throw new UserError('no weights');
  const restorer = await Restorer.open(network, weights, { device: 'cpu' });
  return restorer.restore(await readPicture(photo));
}

// @ts-expect-error: a task that there is not
void clean('photo.jpg', 'fog', 'weights.safetensors');
