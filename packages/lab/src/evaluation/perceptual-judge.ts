import { createHash } from 'node:crypto';
import { type AnyPicture, type OpenedEngine, readWhole, toBytes } from '@unweather/core-tensor';
import { type EvaluationContext, Lpips } from '@unweather/eval';

/** Paths of the two files of LPIPS: the network's weights and the linear weights. */
export type LpipsFiles = readonly [network: string, linear: string];

/** LPIPS as a metric of an evaluation, computed on the bytes that a saved PNG holds. */
export class PerceptualJudge {
  private constructor(
    private readonly lpips: Lpips,
    /** SHA-256 over both files. */
    readonly sha256: string,
  ) {}

  /** @throws UserError naming the file that cannot be used */
  static async open([network, linear]: LpipsFiles, engine: OpenedEngine): Promise<PerceptualJudge> {
    const hash = createHash('sha256');
    for (const file of [network, linear]) hash.update(await readWhole(file, 'check the path given with --lpips'));
    return new PerceptualJudge(await Lpips.open({ network, linear }, engine), hash.digest('hex'));
  }

  /** Name and description of the metric, for results. */
  get metric(): EvaluationContext['metrics'][number] {
    const description = `LPIPS by ${this.lpips.network}, weights ${this.sha256.slice(0, 8)}`;
    return { name: 'lpips', description, better: 'lower', decimals: 4 };
  }

  /** LPIPS of the input and of the restored picture. @throws UserError as {@link measure} */
  async scores({ input, restored, truth }: Readonly<Record<'input' | 'restored' | 'truth', AnyPicture>>) {
    const of = async (picture: AnyPicture) => ({ lpips: await this.measure(picture, truth) });
    return { input: await of(input), restored: await of(restored) };
  }

  /** LPIPS of one picture. @throws UserError where the two differ in size, or are too small */
  measure(picture: AnyPicture, truth: AnyPicture): Promise<number> {
    return this.lpips.measure(toBytes(picture), toBytes(truth));
  }

  /** Ends the engine's session. */
  async dispose(): Promise<void> {
    await this.lpips.dispose();
  }
}
