// Keys whose behaviour comes with a later version. They are refused rather than ignored: whoever writes a
// limit or a format relies on it.

import type { Path, Places, Problem } from './places.ts';
import type { Rule, RuleSubject } from './rules.ts';
import { isEncoding } from './rules-field.ts';
import { eachFeed } from './rules-source.ts';

export const laterRules: readonly Rule[] = [
  changesFeedsComeLater,
  formatsComeLater,
  auditsComeLater,
  notificationsComeLater,
];

function changesFeedsComeLater(subject: RuleSubject): Problem[] {
  return eachFeed(subject, ({ kind }, at, places) =>
    kind === 'changes' ? [places.remark([...at, 'kind'], '"changes" is not supported yet; write "full"')] : [],
  );
}

function formatsComeLater(subject: RuleSubject): Problem[] {
  return eachFeed(subject, ({ format }, feed, places) => {
    const at = [...feed, 'format'];
    const { encoding, compression } = format ?? {};
    const problems = ['trailer', 'pgp']
      .filter((key) => isSet([...at, key], places))
      .map((key) => later([...at, key], places));
    if (compression === 'gzip' || compression === 'zip') {
      problems.push(places.remark([...at, 'compression'], `"${compression}" is not supported yet; write "none"`));
    }
    if (encoding !== undefined && isEncoding(encoding) && new TextDecoder(encoding).encoding !== 'utf-8') {
      problems.push(places.remark([...at, 'encoding'], `"${encoding}" is not supported yet; write "utf-8"`));
    }
    return problems;
  });
}

function auditsComeLater({ places }: RuleSubject): Problem[] {
  const path: Path = ['schedule', 'audit_cron'];
  return isSet(path, places) ? [later(path, places)] : [];
}

function notificationsComeLater({ places }: RuleSubject): Problem[] {
  return isSet(['notify', 0], places) ? [later(['notify'], places)] : [];
}

function later(path: Path, places: Places): Problem {
  return places.remark(path, 'is not supported yet; remove it');
}

function isSet(path: Path, places: Places): boolean {
  return places.isWritten(path) && places.of(path).found.kind !== 'empty';
}
