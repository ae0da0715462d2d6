import {
  Conv2d,
  concat,
  type Initialiser,
  Lambda,
  Module,
  relu,
  Sequential,
  type Tensor,
} from '@unweather/core-tensor';

/** Channels of the four features of the network at width 1. */
export const FEATURE_CHANNELS = [64, 128, 256, 256] as const;

/** Normal with mean 0 and standard deviation √(2/(9·in)), as the official code draws these layers. */
function kaimingNormal(inChannels: number): Initialiser {
  const deviation = Math.sqrt(2 / (9 * inChannels));
  return (count, random) => new Float32Array(count).map(() => deviation * random.normal());
}

/** Two 3×3 convolutions without bias, a ReLU between them. */
function projector(from: number, to: number): Sequential {
  const conv = (i: number) => new Conv2d(i, to, 3, { padding: 1, bias: false, initial: kaimingNormal(i) });
  return new Sequential(conv(from), new Lambda(relu), conv(to));
}

class TeacherProjectors extends Module<[readonly Tensor[]], Transferred> {
  readonly PFPs: readonly Sequential[];
  readonly IPFPs: readonly Sequential[];

  constructor(teachers: number, channels: number) {
    super();
    this.PFPs = Array.from({ length: teachers }, () => projector(channels, channels / 2));
    this.IPFPs = Array.from({ length: teachers }, () => projector(channels / 2, channels));
  }

  protected forward(features: readonly Tensor[]): Transferred {
    const projected = features.map((feature, k) => this.PFPs[k]!.apply(feature));
    const reconstructed = projected.map((feature, k) => this.IPFPs[k]!.apply(feature));
    return { projected: concat(projected, 0), reconstructed: concat(reconstructed, 0) };
  }
}

class StudentProjector extends Module {
  readonly PFP: Sequential;

  constructor(channels: number) {
    super();
    this.PFP = projector(channels, channels / 2);
  }

  protected forward(feature: Tensor): Tensor {
    return this.PFP.apply(feature);
  }
}

/** Teachers' features after transfer, with the pictures of all teachers in a row. */
interface Transferred {
  readonly projected: Tensor;
  readonly reconstructed: Tensor;
}

/**
 * Collaborative knowledge transfer of one feature (official class CKTModule). Every teacher has a projector to half the
 * channels and one back; the student has its own projector. Knowledge is transferred when the projections of teachers
 * and student agree.
 */
export class TransferModule extends Module<[readonly Tensor[], Tensor], Transferred & { student: Tensor }> {
  readonly teacher_projectors: TeacherProjectors;
  readonly student_projector: StudentProjector;

  constructor(teachers: number, channels: number) {
    super();
    this.teacher_projectors = new TeacherProjectors(teachers, channels);
    this.student_projector = new StudentProjector(channels);
  }

  protected forward(teachers: readonly Tensor[], student: Tensor) {
    return { ...this.teacher_projectors.apply(teachers), student: this.student_projector.apply(student) };
  }
}

/** One transfer module per feature, named "0" to "3" as in the official `ModuleList`. */
export function transferModules(teachers: number, width = 1): TransferModule[] {
  return FEATURE_CHANNELS.map((channels) => new TransferModule(teachers, channels * width));
}
