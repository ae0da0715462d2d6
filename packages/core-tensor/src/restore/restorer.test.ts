import { expect, test } from 'vitest';
import { type AnyPicture, toBytes } from '../image/picture.js';
import { Conv2d } from '../nn/conv2d.js';
import { initialState } from '../nn/network.js';
import type { PictureFormat } from '../nn/picture-network.js';
import { Breath } from '../support/breath.js';
import { Random } from '../support/random.js';
import { Restorer } from './restorer.js';
import { tileToPlanes } from './tile-planes.js';
import { planTiles } from './tiles.js';

/** A network that returns its input with the channels in reverse order. */
class Reverse extends Conv2d {
  constructor(readonly pictures: PictureFormat) {
    const channels = pictures.colour === 'grey' ? 1 : 3;
    super(channels, channels, 1, { bias: false });
  }

  state() {
    const state = initialState(this.parameters(), 1);
    const { data } = state.get('weight')!;
    const size = this.weight.shape[0]!;
    for (let i = 0; i < size * size; i++) data[i] = i % size === size - 1 - Math.floor(i / size) ? 1 : 0;
    return state;
  }
}

const random = Random.named('restorer');
const picture = (width: number, height: number) => ({
  width,
  height,
  data: Uint8Array.from({ length: width * height * 3 }, () => random.integer(256)),
});

async function restored(format: PictureFormat, input: AnyPicture) {
  const network = new Reverse(format);
  const restorer = await Restorer.open(network, network.state());
  try {
    return toBytes(await restorer.restore(input));
  } finally {
    await restorer.dispose();
  }
}

test('a picture of any size goes through a network that needs multiples, and BGR comes back as RGB', async () => {
  const input = picture(13, 10);
  const turned = { ...input, data: input.data.map((_, i) => input.data[i - (i % 3) + 2 - (i % 3)]!) };
  for (const colour of ['rgb', 'bgr'] as const)
    expect(await restored({ colour, multiple: 4, least: 8 }, input)).toEqual(turned);
});

test('a network for grey takes a colour picture channel by channel, and a grey one once', async () => {
  const format = { colour: 'grey', multiple: 1, least: 1 } as const;
  const input = picture(6, 5);
  expect(await restored(format, input)).toEqual(input);
  const grey = { ...input, data: input.data.map((_, i) => input.data[i - (i % 3)]!) };
  expect(await restored(format, grey)).toEqual(grey);
});

test.each([
  [40, 11],
  [3, 5],
  [1, 1],
  [1, 90],
])('a picture of %i×%i is extended to what the network takes, and the result has its size', async (width, height) => {
  const format = { colour: 'rgb', multiple: 4, least: 12 } as const;
  const input = picture(width, height);
  const turned = { ...input, data: input.data.map((_, i) => input.data[i - (i % 3) + 2 - (i % 3)]!) };
  expect(await restored(format, input)).toEqual(turned);
  const side = (length: number) => Math.max(12, Math.ceil(length / 4) * 4);
  const { across, down } = planTiles(input, format, Infinity);
  expect([across.size, down.size]).toEqual([side(width), side(height)]);
});

test('a picture is continued by mirroring, its last row and column not repeated', async () => {
  const input = { width: 3, height: 2, data: Uint8Array.from({ length: 18 }, (_, i) => Math.floor(i / 3)) };
  const planes = new Float32Array(16);
  await tileToPlanes(input, { left: 0, top: 0, width: 4, height: 4 }, 'grey', planes, 0, new Breath());
  const bytes = [...planes].map((value) => Math.round(value * 255));
  expect(bytes).toEqual([0, 1, 2, 1, 3, 4, 5, 4, 0, 1, 2, 1, 3, 4, 5, 4]);
});
