import { UserError } from '@unweather/core-tensor';

const UNRELEASED = '## [Unreleased]';
const KINDS = ['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security'];

/** One section of a change log. */
export interface ChangelogSection {
  /** "Unreleased", or a version. */
  readonly name: string;
  /** Day of the release, YYYY-MM-DD; undefined for unreleased notes. */
  readonly date?: string;
  /** Text below its heading. */
  readonly notes: string;
}

/** Reads the sections of a change log in order. @throws UserError naming a heading that breaks the format */
export function changelogSections(text: string): ChangelogSection[] {
  const [, ...sections] = text.split(/^## /m);
  return sections.map((section) => {
    const heading = section.split('\n', 1)[0]!;
    const notes = section.slice(heading.length).trim();
    const [, name, date] = /^\[(Unreleased|\d+\.\d+\.\d+[\w.-]*)\](?: - (\d{4}-\d\d-\d\d))?$/.exec(heading) ?? [];
    if (name === undefined || (name === 'Unreleased') !== (date === undefined))
      throw new UserError(`CHANGELOG.md: "## ${heading}" is no heading of a release; write ## [1.2.3] - YYYY-MM-DD`);
    const wrong = [...notes.matchAll(/^### (.*)$/gm)].find(([, kind]) => !KINDS.includes(kind!));
    if (wrong)
      throw new UserError(`CHANGELOG.md: "${wrong[0]}" is no kind of change; choose one of ${KINDS.join(', ')}`);
    return { name, notes, ...(date !== undefined && { date }) };
  });
}

/**
 * Turns the unreleased notes of a change log into those of a version, below an empty section for the next one.
 * @param date YYYY-MM-DD
 * @throws UserError if there is nothing to release, or the version is invalid or already released
 */
export function released(text: string, version: string, date: string): string {
  const [first, ...others] = changelogSections(text);
  if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    throw new UserError(`"${version}" is no version; give one like 0.2.0`);
  if (first?.name !== 'Unreleased' || first.notes === '')
    throw new UserError('CHANGELOG.md: nothing stands under Unreleased; note there what users will notice');
  if (others.some(({ name }) => name === version))
    throw new UserError(`CHANGELOG.md: ${version} is there already; release another version`);
  return text.replace(UNRELEASED, `${UNRELEASED}\n\n## [${version}] - ${date}`);
}
