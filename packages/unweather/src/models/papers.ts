import type { Paper } from '@unweather/commands';
import type { KnownModel, PaperName } from './known.js';

/** A paper's package takes a while to load: only the one that is asked for. */
const PAPERS: Readonly<Record<PaperName, () => Promise<Paper>>> = {
  aecr: async () => (await import('@unweather/aecr')).aecr,
  afrnet: async () => (await import('@unweather/afrnet')).afrnet,
  durn: async () => (await import('@unweather/durn')).durn,
  manas: async () => (await import('@unweather/manas')).manas,
  multiweather: async () => (await import('@unweather/multiweather')).multiweather,
};

/** The paper of a model. */
export function paperOf({ paper }: KnownModel): Promise<Paper> {
  return PAPERS[paper]();
}
