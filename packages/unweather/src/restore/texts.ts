import { leftOutText, printable } from '@unweather/core-tensor';
import type { RestoreEvent } from './events.js';
import type { Pace } from './pace.js';

/** Lines that describe an event to people; a line break in a name does not break them. */
export function lineOf(event: RestoreEvent): string[] {
  return linesOf(event).map((line) => printable(line).replaceAll('\n', '\\u{a}'));
}

function linesOf(event: RestoreEvent): string[] {
  switch (event.event) {
    case 'ignored':
      return [ignoredText(event)];
    case 'download':
      return [downloadText(event)];
    case 'start':
      return [startText(event)];
    case 'tiles':
      return [`${event.input}: tile ${event.done}/${event.total}`];
    case 'restored':
      return [`${event.done}/${event.total} ${event.input} → ${event.output} (${sizeText(event)})`];
    case 'skipped':
      return [`${event.done}/${event.total} ${event.input}: skipped, ${event.output} exists`];
    case 'failed':
      return [`${event.done}/${event.total} failed: ${event.error}`];
    case 'end':
      return [...apartText(event), ...shallowText(event), endText(event)];
  }
}

/** "2 files are left out as no pictures: a.txt, …". */
export function ignoredText({ count, files }: Omit<Extract<RestoreEvent, { event: 'ignored' }>, 'event'>): string {
  return `${count} ${count === 1 ? 'file is' : 'files are'} left out as no pictures: ${leftOutText(files, count)}${count > files.length ? ', …' : ''}`;
}

function sizeText({ width, height, frames }: Extract<RestoreEvent, { event: 'restored' }>): string {
  return `${width}×${height}${frames > 1 ? `, ${frames} frames` : ''}`;
}

/** "weights: 12.0 of 44.8 MB". */
export function downloadText({ done, total }: Extract<RestoreEvent, { event: 'download' }>): string {
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
  return `weights: ${megabytes(done)}${total === undefined ? '' : ` of ${megabytes(total)}`} MB`;
}

function startText(start: Extract<RestoreEvent, { event: 'start' }>): string {
  const { model, network, weights, engine, threads, others } = start;
  const rest = others.length > 0 ? `; ${others.join(' and ')} could do it, too` : '';
  return `${model} (${network}, ${weights}) on ${engine}, ${threads} ${threads === 1 ? 'thread' : 'threads'}${rest}`;
}

/** Note on large pictures restored in tiles, which nobody can see in the result. */
function apartText({ apart, restored }: Extract<RestoreEvent, { event: 'end' }>): string[] {
  if (apart === 0) return [];
  return [
    `${apart} of ${restored} restored in tiles, each on its own, although this network looks at the whole picture; a --tile as long as the picture keeps it whole but takes much more memory`,
  ];
}

/** Note on pictures that lost bits without anybody asking for it. */
function shallowText({ shallow, restored }: Extract<RestoreEvent, { event: 'end' }>): string[] {
  if (shallow === 0) return [];
  return [
    `${shallow} of ${restored} written with 8 of their 16 bits, all that the format holds; --format png keeps them`,
  ];
}

function endText(event: Extract<RestoreEvent, { event: 'end' }>): string {
  const { restored, skipped, failed, interrupted, seconds } = event;
  const parts = [
    `${restored} restored`,
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ];
  return `${interrupted ? 'interrupted: ' : ''}${parts.join(', ')} in ${durationOf(seconds)}`;
}

/** Text beside the bar. */
export function countText(done: number, total: number, event: RestoreEvent): string {
  const tiles = event.event === 'tiles' ? `, tile ${event.done}/${event.total}` : '';
  return `${done}/${total} pictures${tiles}`;
}

/** ", 1.3 pictures/s, 12 s left" while pictures are left. */
export function paceText({ event }: { readonly event: string }, { now }: Pace): string {
  if (now === undefined || event === 'start' || event === 'end') return '';
  const { rate, left } = now;
  const speed = rate >= 1 ? `${rate.toFixed(1)} pictures/s` : `${(1 / rate).toFixed(1)} s a picture`;
  return `, ${speed}, ${durationOf(left)} left`;
}

function durationOf(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
}
