const GOLDEN_STEP = 0x6d2b79f5;

/** 32-bit FNV-1a hash of a text's UTF-8 bytes. */
export function fnv1a(text: string): number {
  let hash = 2166136261;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 16777619);
  return hash >>> 0;
}

/**
 * The only source of randomness: mulberry32, 32 bits of state. Each use draws from its own stream, named by its purpose
 * (`Random.named('crop', seed, epoch, index)`), so a value never depends on the number of draws elsewhere, and a
 * resumed run equals one that never stopped.
 */
export class Random {
  private state: number;

  /** @param seed any integer; its low 32 bits count. */
  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** The stream whose seed is the FNV-1a hash of the parts joined by ":". */
  static named(...parts: (string | number)[]): Random {
    return new Random(fnv1a(parts.join(':')));
  }

  /** Uniform in [0, 1), a multiple of 2⁻³². */
  uniform(): number {
    this.state = (this.state + GOLDEN_STEP) >>> 0;
    const s = this.state;
    let t = Math.imul(s ^ (s >>> 15), s | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** Uniform in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** Uniform integer in 0 … count − 1. */
  integer(count: number): number {
    return Math.floor(this.uniform() * count);
  }

  /** Standard normal (Box–Muller, one value per two uniforms, so that streams stay easy to reason about). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** A random permutation of 0 … count − 1 (Fisher–Yates). */
  permutation(count: number): number[] {
    const order = Array.from({ length: count }, (_, i) => i);
    for (let i = count - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    return order;
  }
}
