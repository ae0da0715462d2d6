/** Numbers per round of PyTorch's vectorised Box–Muller transform. */
const ROUND = 16;

/**
 * Reproduces PyTorch's CPU generator, `torch.manual_seed(seed); torch.FloatTensor(count).normal_(0, sigma)`, for a
 * `count` of at least 16: uniforms from the low 24 bits of MT19937's outputs, made normal in place in rounds of 16; if
 * the last round is incomplete, the last 16 numbers are drawn anew.
 * @param seed its low 32 bits are used
 */
export function torchNormals(seed: number, count: number, sigma: number): Float32Array {
  if (count < ROUND)
    throw new RangeError(`PyTorch draws fewer than ${ROUND} numbers by another rule; draw more, got ${count}`);
  const next = mersenneTwister(seed);
  const uniform = () => (next() & 0xffffff) / 2 ** 24;
  const values = new Float32Array(count).map(uniform);
  for (let start = 0; start + ROUND <= count; start += ROUND) makeNormal(values, start, sigma);
  if (count % ROUND !== 0) {
    const start = count - ROUND;
    for (let i = start; i < count; i++) values[i] = uniform();
    makeNormal(values, start, sigma);
  }
  return values;
}

function makeNormal(values: Float32Array, start: number, sigma: number): void {
  for (let j = start; j < start + ROUND / 2; j++) {
    const radius = Math.sqrt(-2 * Math.log(1 - values[j]!));
    const angle = 2 * Math.PI * values[j + ROUND / 2]!;
    values[j] = sigma * radius * Math.cos(angle);
    values[j + ROUND / 2] = sigma * radius * Math.sin(angle);
  }
}

const SIZE = 624;
const MIDDLE = 397;

/** MT19937 as Matsumoto and Nishimura define it (`init_genrand`); 32-bit outputs. */
function mersenneTwister(seed: number): () => number {
  const state = new Uint32Array(SIZE);
  state[0] = seed;
  for (let i = 1; i < SIZE; i++) {
    const before = state[i - 1]! ^ (state[i - 1]! >>> 30);
    state[i] = Math.imul(1812433253, before) + i;
  }
  let place = SIZE;
  const renew = () => {
    for (let i = 0; i < SIZE; i++) {
      const y = (state[i]! & 0x80000000) | (state[(i + 1) % SIZE]! & 0x7fffffff);
      state[i] = state[(i + MIDDLE) % SIZE]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    place = 0;
  };
  return () => {
    if (place === SIZE) renew();
    let y = state[place++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  };
}
