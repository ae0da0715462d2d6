import { type EngineOptions, explainDevice, type Graph, type State, UserError } from '@unweather/core-tensor';
import { markdownTable } from 'markdown-table';
import type { Reporter } from './reporter.js';

/**
 * Reports which ONNX operators of a graph run on the requested device, and which fall back to the CPU.
 * @throws UserError if there is no such device
 */
export async function explain(graph: Graph, state: State, options: EngineOptions, reporter: Reporter): Promise<void> {
  const { engine = 'onnxruntime', device = 'cpu' } = options;
  if (engine !== 'onnxruntime' || device === 'auto')
    throw new UserError('--explain reports on one device of onnxruntime; choose it with --device');
  const { onDevice, onCpu, rewritten } = await explainDevice(graph, state, device, { batch: 1, height: 64, width: 64 });
  const names = [...new Set([...onDevice.keys(), ...onCpu.keys()])].sort();
  const rows = names.map((name) => [name, String(onDevice.get(name) ?? ''), String(onCpu.get(name) ?? '')]);
  const table = markdownTable([['operator', device, device === 'cpu' ? '' : 'cpu'], ...rows]);
  const notes = [
    'Nodes by the device they ran on. Nodes that compute shapes always stay on the CPU.',
    ...(rewritten.length > 0 ? [`Rewritten with other operators for ${device}: ${rewritten.join(', ')}.`] : []),
  ];
  reporter.say(`${table}\n\n${notes.join('\n')}`);
}
