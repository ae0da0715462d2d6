import { buildGraph, type Graph, input, trace } from '@unweather/core-tensor';
import type { MSBDN } from '../../networks/msbdn.js';
import { FEATURE_CHANNELS } from '../networks/transfer.js';

/** Graph of a frozen teacher with outputs "output" and "feature0" to "feature3"; any batch, height and width. */
export function teacherGraph(teacher: MSBDN): Graph {
  const x = input('input', ['batch', 3, 'height', 'width']);
  teacher.parameters();
  const { result } = trace('eval', () => teacher.restore(x));
  const features = FEATURE_CHANNELS.map((_, level) => [`feature${level}`, result.features[level]!] as const);
  return buildGraph({ output: result.output, ...Object.fromEntries(features) });
}
