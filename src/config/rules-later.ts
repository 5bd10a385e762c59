// Keys whose behaviour comes with a later version. They are refused rather than ignored: whoever writes a
// limit or a format relies on it.

import type { Path, Places, Problem } from './places.ts';
import type { Rule, RuleSubject } from './rules.ts';

export const laterRules: readonly Rule[] = [auditsComeLater, notificationsComeLater];

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
