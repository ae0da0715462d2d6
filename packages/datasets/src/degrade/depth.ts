import type { Random } from '@unweather/core-tensor';

/** Depth of the scene at (u, v), in shares of the picture's width and height (0 to 1); the farthest depth is 1. */
export type Depth = (u: number, v: number) => number;

/** Smallest depth, as a share of the farthest. */
const NEAREST = 0.08;

/**
 * Draws slanted planes cut at straight edges, like furniture and walls: a ground, and up to four objects in front of or
 * behind it, each on one side of a line or in the corner between two.
 */
export function drawPlanes(random: Random): Depth {
  const ground = plane(random, 1, 1.2);
  const things = Array.from({ length: 1 + random.integer(4) }, () => {
    const lines = [line(random), ...(random.uniform() < 0.5 ? [line(random)] : [])];
    return { lines, depth: plane(random, random.between(0.3, 1.9), 0.6) };
  });
  return scaled((u, v) => {
    let depth = ground(u, v);
    for (const thing of things) if (thing.lines.every((inside) => inside(u, v) > 0)) depth = thing.depth(u, v);
    return depth;
  });
}

function plane(random: Random, middle: number, slant: number): Depth {
  const [across, down] = [random.between(-slant, slant) * 0.7, random.between(-slant, slant)];
  return (u, v) => middle + across * (u - 0.5) + down * (v - 0.5);
}

/** Draws a line through the picture; returns the signed distance from it. */
function line(random: Random): (u: number, v: number) => number {
  const angle = random.between(0, 2 * Math.PI);
  const offset = random.between(-0.35, 0.35);
  return (u, v) => Math.cos(angle) * (u - 0.5) + Math.sin(angle) * (v - 0.5) - offset;
}

type Axes = readonly [number, number, number];
interface Box {
  readonly from: Axes;
  readonly to: Axes;
}

/**
 * Draws a room seen by a camera at eye height: floor, ceiling and four walls, with up to seven boxes on the floor. The
 * depth along the camera's axis is exact.
 */
export function drawRoom(random: Random): Depth {
  const [eye, above] = [random.between(1, 1.8), random.between(0.7, 1.6)];
  const [left, right, far] = [random.between(1, 4), random.between(1, 4), random.between(2.2, 7)];
  const room: Box = { from: [-left, -eye, -1], to: [right, above, far] };
  const boxes = Array.from({ length: random.integer(8) }, (): Box => {
    const [x, z] = [random.between(-left, right), random.between(1, far)];
    const [wide, deep, high] = [random.between(0.2, 0.9), random.between(0.2, 0.8), random.between(0.3, 1.9)];
    return { from: [x - wide, -eye, z - deep], to: [x + wide, high - eye, z + deep] };
  });
  const [yaw, pitch] = [random.between(-0.7, 0.7), random.between(-0.35, 0.15)];
  return scaled((u, v) => {
    const [x, y] = [1.15 * (u - 0.5), 0.86 * (0.5 - v)];
    const [up, ahead] = [y * Math.cos(pitch) + Math.sin(pitch), Math.cos(pitch) - y * Math.sin(pitch)];
    const ray: Axes = [x * Math.cos(yaw) + ahead * Math.sin(yaw), up, ahead * Math.cos(yaw) - x * Math.sin(yaw)];
    let depth = along(ray, room)[1];
    for (const box of boxes) {
      const [enters, leaves] = along(ray, box);
      if (enters > 0.3 && enters < leaves) depth = Math.min(depth, enters);
    }
    return depth;
  });
}

/** Finds the distances at which a ray from the origin enters and leaves a box (slab method). */
function along(ray: Axes, { from, to }: Box): [enters: number, leaves: number] {
  let [enters, leaves] = [-Infinity, Infinity];
  for (const [axis, direction] of ray.entries()) {
    const [a, b] = [from[axis]! / direction, to[axis]! / direction];
    enters = Math.max(enters, Math.min(a, b));
    leaves = Math.min(leaves, Math.max(a, b));
  }
  return [enters, leaves];
}

/**
 * Draws an outdoor scene: a ground that recedes to a horizon, sky beyond it, and up to nine upright objects, each as
 * far away as the ground at its foot.
 */
export function drawGround(random: Random): Depth {
  const horizon = random.between(-0.1, 0.6);
  const near = random.between(0.05, 0.35);
  const lean = random.between(-0.25, 0.25);
  const ground = (v: number) => near / Math.max((v - horizon) / (1 - horizon), near);
  const things = Array.from({ length: random.integer(10) }, () => {
    const foot = random.between(Math.max(horizon, 0), 1.1);
    const [left, wide] = [random.between(-0.2, 1), random.between(0.03, 0.5)];
    return { foot, left, right: left + wide, top: foot - random.between(0.1, 0.9), depth: ground(foot) };
  }).sort((a, b) => b.depth - a.depth);
  return scaled((u, v) => {
    let depth = ground(v + lean * (u - 0.5));
    for (const { left, right, top, foot, depth: own } of things)
      if (u > left && u < right && v > top && v < foot) depth = own;
    return depth;
  });
}

/** Divides by the largest depth of 17 × 17 places and clamps to NEAREST … 1. */
function scaled(depth: Depth): Depth {
  let most = 0;
  for (let i = 0; i <= 16; i++) for (let j = 0; j <= 16; j++) most = Math.max(most, depth(i / 16, j / 16));
  return (u, v) => Math.min(Math.max(depth(u, v) / most, NEAREST), 1);
}
