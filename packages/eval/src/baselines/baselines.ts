import type { Baseline } from './baseline.js';
import { constant } from './constant.js';
import { darkChannel } from './dark-channel.js';
import { identity } from './identity.js';

/** Every baseline, weakest first. */
export const BASELINES: readonly Baseline[] = [identity, constant, darkChannel];

/** Baselines that a task's networks are compared with. */
export function baselinesOf(task: string): Baseline[] {
  return BASELINES.filter(({ tasks }) => tasks === undefined || tasks.includes(task));
}
