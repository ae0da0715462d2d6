import type { Picture, Random } from '@unweather/core-tensor';
import { mirroredPlace } from './light.js';
import type { DropLevel } from './raindrops.js';

/** Drops per 100,000 pixels; the shown pictures of RainDrop have about 5 and 20. */
const DENSITY: Readonly<Record<DropLevel, readonly [number, number]>> = { few: [2, 6], some: [6, 13], many: [13, 26] };
/** Radius of a drop in pixels, log-uniform; with its soft rim a drop looks 10 to 60 pixels wide. */
const RADIUS = [6, 30] as const;
/** Width of the rim over which the scene comes through again, in radii. */
const RIM = [0.8, 1.5] as const;
const OPACITY = [0.45, 0.95] as const;
/** Side of the squares over which the scene behind a drop is averaged, in pixels. */
const CELL = 24;

/** An ellipse of a drop. */
interface Lobe {
  readonly x: number;
  readonly y: number;
  readonly across: number;
  readonly down: number;
}

/** A drop: lobes that run into each other, and the optics of the scene seen through it. */
interface Drop {
  readonly lobes: readonly Lobe[];
  readonly rim: number;
  readonly opacity: number;
  /** Size of the scene shown in the drop, upside down, relative to the drop's own. */
  readonly magnification: number;
  readonly gain: number;
  /** Light of the sky that it gathers, 0 to 255. */
  readonly sky: number;
}

/**
 * Adds raindrops on a pane in front of the camera, like RainDrop's: large, far out of focus, with irregular outlines.
 * I = (1 − m)·B + m·R: the mask m fades over most of a drop; R is a wide view of the scene, upside down, averaged over
 * squares of 24 pixels, and greyer and brighter from the sky. The scene is mirrored beyond its border.
 */
export function addDefocusedDrops(clean: Picture, level: DropLevel, random: Random): Picture {
  const { width, height } = clean;
  const data = clean.data.slice();
  const reach = 2 * RADIUS[1];
  const area = (width + 2 * reach) * (height + 2 * reach);
  const count = Math.round((random.between(...DENSITY[level]) * area) / 100_000);
  const behind = cells(clean);
  for (let i = 0; i < count; i++) {
    const place = { x: random.between(-reach, width + reach), y: random.between(-reach, height + reach) };
    lay(drawDrop(place, random), behind, { width, height, data });
  }
  return { width, height, data };
}

function drawDrop({ x, y }: { readonly x: number; readonly y: number }, random: Random): Drop {
  const radius = Math.exp(random.between(Math.log(RADIUS[0]), Math.log(RADIUS[1])));
  const lobes = Array.from({ length: 1 + random.integer(3) }, (_, i) => {
    const [off, angle] = [i === 0 ? 0 : random.between(0.3, 1) * radius, random.between(0, 2 * Math.PI)];
    const size = i === 0 ? radius : random.between(0.4, 0.8) * radius;
    return {
      x: x + off * Math.cos(angle),
      y: y + off * Math.sin(angle),
      across: size * random.between(0.8, 1.2),
      down: size * random.between(0.9, 1.4),
    };
  });
  return {
    ...{ lobes, rim: random.between(...RIM), opacity: random.between(...OPACITY) },
    magnification: random.between(1, 2.5),
    gain: random.between(0.75, 0.95),
    sky: random.between(30, 100),
  };
}

function lay({ lobes, rim, opacity, magnification, gain, sky }: Drop, behind: Cells, { width, height, data }: Picture) {
  const [{ x, y }] = lobes as [Lobe];
  const wide = Math.max(...lobes.map((lobe) => Math.abs(lobe.x - x) + lobe.across)) * (1 + rim);
  const high = Math.max(...lobes.map((lobe) => Math.abs(lobe.y - y) + lobe.down)) * (1 + rim);
  for (let py = Math.max(0, Math.ceil(y - high)); py <= Math.min(height - 1, y + high); py++)
    for (let px = Math.max(0, Math.ceil(x - wide)); px <= Math.min(width - 1, x + wide); px++) {
      const inside = Math.max(
        ...lobes.map(
          (lobe) => (1 + rim / 2 - Math.hypot((px - lobe.x) / lobe.across, (py - lobe.y) / lobe.down)) / rim,
        ),
      );
      if (inside <= 0) continue;
      const share = Math.min(inside, 1);
      const mask = opacity * share * share * (3 - 2 * share);
      const seen = cellAt(behind, x - (px - x) * magnification, y - (py - y) * magnification);
      const grey = (seen[0] + seen[1] + seen[2]) / 3;
      const i = (py * width + px) * 3;
      for (let channel = 0; channel < 3; channel++) {
        const light = gain * (0.5 * grey + 0.5 * seen[channel]!) + sky;
        data[i + channel] = Math.min(255, Math.round((1 - mask) * data[i + channel]! + mask * light));
      }
    }
}

/** Mean colours of a picture's squares; those at the right and lower border are cut to the picture. */
interface Cells {
  readonly across: number;
  readonly down: number;
  readonly means: Float32Array;
}

function cells({ width, height, data }: Picture): Cells {
  const [across, down] = [Math.ceil(width / CELL), Math.ceil(height / CELL)];
  const means = new Float32Array(across * down * 3);
  const counts = new Uint32Array(across * down);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const cell = Math.floor(y / CELL) * across + Math.floor(x / CELL);
      counts[cell]!++;
      for (let channel = 0; channel < 3; channel++) means[cell * 3 + channel]! += data[(y * width + x) * 3 + channel]!;
    }
  for (let i = 0; i < means.length; i++) means[i]! /= counts[Math.floor(i / 3)]!;
  return { across, down, means };
}

/** Interpolates the colour at a place of the picture between the centres of four squares. */
function cellAt({ across, down, means }: Cells, x: number, y: number): [number, number, number] {
  const [left, top] = [x / CELL - 0.5, y / CELL - 0.5];
  const [column, row] = [Math.floor(left), Math.floor(top)];
  const colour: [number, number, number] = [0, 0, 0];
  for (const [dx, dy] of [[0, 0] as const, [1, 0] as const, [0, 1] as const, [1, 1] as const]) {
    const weight = (dx ? left - column : 1 - left + column) * (dy ? top - row : 1 - top + row);
    const cell = mirroredPlace(row + dy, down) * across + mirroredPlace(column + dx, across);
    for (let channel = 0; channel < 3; channel++) colour[channel]! += weight * means[cell * 3 + channel]!;
  }
  return colour;
}
