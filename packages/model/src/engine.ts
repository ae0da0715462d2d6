import { type EngineOptions, type OpenedEngine, openEngine } from '@unweather/core-tensor';
import type { OpenListener } from './listener.js';

/** Opens the requested engine, and reports the engine and the device. */
export async function chosenEngine(options: EngineOptions, listener: Pick<OpenListener, 'say'>): Promise<OpenedEngine> {
  const engine = await openEngine(options);
  const { description, threads } = engine;
  listener.say?.(`runs on ${description}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`);
  return engine;
}
