import { createRequire } from 'node:module';

/**
 * Versions of what decodes pictures and computes, by name: Node, this package, onnxruntime-node, sharp and libvips. Numbers
 * that were measured name them, since decoders differ.
 */
export async function versions(): Promise<Record<string, string>> {
  const require = createRequire(import.meta.url);
  const of = (name: string) => (require(name) as { version: string }).version;
  const { default: sharp } = await import('sharp');
  return {
    node: process.versions.node,
    unweather: of('../../package.json'),
    'onnxruntime-node': of('onnxruntime-node/package.json'),
    sharp: sharp.versions.sharp ?? '',
    libvips: sharp.versions.vips ?? '',
  };
}
