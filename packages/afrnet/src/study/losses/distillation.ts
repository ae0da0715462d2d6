import {
  add,
  l2Normalize,
  mean,
  mul,
  type Parameter,
  readCheckpoint,
  reshape,
  type Tensor,
  UserError,
} from '@unweather/core-tensor';
import type { EquippedLoss } from '@unweather/lab';
import type { AFRNet } from '../../networks/afrnet.js';
import type { Features } from '../../networks/features.js';
import { pyramidLoss } from './pyramid.js';
import { afr, afrStep, type Judged, MASK, restorationTerms } from './restoration.js';
import { l2 } from './sums.js';

/** Weights of the teacher's pictures and attention maps, relative to 1 for the truth. */
const [PICTURES, ATTENTION] = [0.5, 10];

/** Prefix of the teacher's tensor names in the state. */
const PREFIX = 'teacher';

/**
 * The loss of a student: the released loss against the truth, plus differences from the teacher's four pictures (½),
 * its mask (0.1) and its refined features. Features are compared as attention maps, which show where, not in which
 * channel, a level is active; so student and teacher may differ in channels and in their full-size features. **Ours**:
 * the paper has a student, but neither its code nor its abstract says how it is trained.
 * @param name name of the teacher's network, which its checkpoint must hold
 * @param teacher a network of that kind
 */
export function distillation(name: string, teacher: AFRNet): EquippedLoss {
  const parameters: ReadonlyMap<string, Parameter> = teacher.parameters(PREFIX);
  const terms = (judged: Judged) => {
    const { total, ...others } = restorationTerms(judged);
    const taught = teacher.restore(judged.degraded);
    const pictures = mul(pyramidLoss(judged.restored, taught).total, PICTURES);
    const masks = mul(l2(judged.restored.mask, taught.mask), MASK);
    const attention = mul(attentionError(judged.restored.refined, taught.refined), ATTENTION);
    const taughtTerms = { 'teacher pictures': pictures, 'teacher mask': masks, attention };
    return { total: Object.values(taughtTerms).reduce((a, b) => add(a, b), total!), ...others, ...taughtTerms };
  };
  return {
    step: (network, shape, options) => afrStep(afr(network), terms, shape, options),
    judges: {
      parameters,
      async read({ teacher: path }) {
        if (path === undefined)
          throw new UserError(`this recipe learns from a trained ${name}; give its checkpoint with --teacher`);
        const own = new Map([...parameters].map(([full, parameter]) => [full.slice(PREFIX.length + 1), parameter]));
        const { weights } = await readCheckpoint(path, name, own, { takesKey: false });
        return new Map([...weights].map(([tensor, value]) => [`${PREFIX}.${tensor}`, value]));
      },
    },
  };
}

/**
 * Difference of attention maps, over the levels of sizes that both networks have. The map of a level is the mean square
 * over channels, scaled to length 1 per picture (attention transfer, Zagoruyko and Komodakis, ICLR 2017).
 */
function attentionError(student: Features, teacher: Features): Tensor {
  const pairs = student.flatMap((own) =>
    teacher.filter((other) => sameSize(own, other)).map((other) => [own, other] as const),
  );
  return pairs.map(([own, other]) => l2(attentionMap(own), attentionMap(other))).reduce((a, b) => add(a, b));
}

function sameSize(a: Tensor, b: Tensor): boolean {
  return a.shape[2] === b.shape[2] && a.shape[3] === b.shape[3];
}

function attentionMap(x: Tensor): Tensor {
  const [, , height, width] = x.shape as number[];
  return l2Normalize(reshape(mean(mul(x, x), [1]), [-1, height! * width!]), 1);
}
