import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * Versions of the software that decodes pictures and computes, by name: Node, this package, the installed onnxruntime
 * packages, sharp and libvips. Measured numbers name them, since decoders differ.
 */
export async function versions(): Promise<Record<string, string>> {
  const require = createRequire(import.meta.url);
  const of = (name: string) => (require(name) as { version: string }).version;
  const isInstalled = (name: string) =>
    (require.resolve.paths(name) ?? []).some((folder) => existsSync(join(folder, name)));
  const { env } = await import('onnxruntime-web');
  const { default: sharp } = await import('sharp');
  return {
    node: process.versions.node,
    unweather: of('../../package.json'),
    // npm leaves it out if its install script fails.
    ...(isInstalled('onnxruntime-node') && { 'onnxruntime-node': of('onnxruntime-node/package.json') }),
    'onnxruntime-web': env.versions.web!,
    sharp: sharp.versions.sharp ?? '',
    libvips: sharp.versions.vips ?? '',
  };
}
