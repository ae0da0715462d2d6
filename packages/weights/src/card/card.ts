import { UserError } from '@unweather/core-tensor';
import { decimals } from '@unweather/eval';
import { markdownTable } from 'markdown-table';
import type { GatedSet } from '../gated-set.js';
import { COLUMNS } from './read-measured.js';

/** Scores measured on one set, with the protocol and the date. */
export interface MeasuredRow {
  /** Dataset and split, with the condition if there are several. */
  readonly on: string;
  readonly pictures: number;
  readonly psnrIn: number;
  readonly psnr: number;
  readonly ssim: number;
  readonly protocol: string;
  /** Date of the measurement, ISO 8601. */
  readonly date: string;
}

/** A training of ours. */
export interface Training {
  /** Recipe as given to the training; JSON. */
  readonly recipe: unknown;
  readonly steps: number;
  readonly seed: number;
}

/** Content of a model card. */
export interface Card {
  readonly title: string;
  /** SHA-256 over the tensors' names, shapes and values, by which evaluations identify weights. */
  readonly weights: string;
  /** Training data. */
  readonly data: string;
  /** The training that wrote the weights, or what is known about it, for weights of other publishers. */
  readonly training: Training | string;
  readonly measured: readonly MeasuredRow[];
  /** Descriptions of the protocols named in `measured`. */
  readonly protocols: readonly { readonly name: string; readonly description: string }[];
  /** Results of the gates on real pictures; see pairGates. */
  readonly gates?: readonly GatedSet[];
  readonly licence: string;
  readonly notGoodFor: string;
}

/** The sections every card has, in this order. */
export const SECTIONS = ['Data', 'Recipe', 'Steps', 'Measured', 'Licence', 'Not good for'] as const;

/** Formats a card in Markdown. */
export function cardMarkdown(card: Card): string {
  const { training } = card;
  const texts: Record<(typeof SECTIONS)[number], string> = {
    Data: card.data,
    Recipe: typeof training === 'string' ? training : json(training.recipe),
    Steps: typeof training === 'string' ? 'Not stated.' : `${training.steps}, seed ${training.seed}.`,
    Measured: [measuredText(card), ...gatesText(card)].join('\n\n'),
    Licence: card.licence,
    'Not good for': card.notGoodFor,
  };
  const sections = SECTIONS.map((name) => `## ${name}\n\n${texts[name].trim()}\n`);
  return [`# ${card.title}\n\nSHA-256 of the tensors: \`${card.weights}\`\n`, ...sections].join('\n');
}

function json(value: unknown): string {
  return `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``;
}

function measuredText({ measured, protocols }: Card): string {
  const rows = measured.map(({ on, pictures, psnrIn, psnr, ssim, protocol, date }) => [
    ...[on.replaceAll('|', '\\|'), `${pictures}`, decimals(psnrIn, 2), decimals(psnr, 2), decimals(ssim, 4)],
    ...[`\`${protocol}\``, date.slice(0, 10)],
  ]);
  const table = markdownTable([[...COLUMNS], ...rows], { align: ['l', 'r', 'r', 'r', 'r', 'l', 'l'] });
  return [table, '', ...protocols.map(({ name, description }) => `- \`${name}\`: ${description}`)].join('\n');
}

/** Formats the gates' results as a table, if there are any. */
function gatesText({ gates = [] }: Card): string[] {
  if (gates.length === 0) return [];
  const head = ['gate', 'on', 'pictures', 'reached', ''];
  const rows = gates.flatMap(({ set, pictures, gates: all }) =>
    all.map(({ demand, reached, passed }) => [demand, set, `${pictures}`, reached, passed ? 'passed' : 'failed']),
  );
  return [markdownTable([head, ...rows], { align: ['l', 'l', 'r', 'l', 'l'] })];
}

/**
 * Validates the sections of a card's text.
 * @throws UserError naming the file and the first section that is missing, out of order or empty
 */
export function checkCard(text: string, file: string): void {
  const parts = text.split(/^## +(.+?) *$/m);
  const found = parts.filter((_, i) => i % 2 === 1);
  for (const [i, name] of SECTIONS.entries()) {
    if (found[i] !== name) {
      const instead = found[i] === undefined ? 'the card ends' : `"${found[i]}" stands`;
      throw new UserError(
        `${file}: ${instead} where section "${name}" should begin; a card has ${SECTIONS.join(', ')}`,
      );
    }
    if (parts[2 * i + 2]!.trim() === '') throw new UserError(`${file}: section "${name}" is empty; say what is known`);
  }
}
