// Rules about feeds: their names, where the file comes from, which file it is and where it goes.

import type { Path, Places, Problem } from './places.ts';
import type { Rule, RuleSubject } from './rules.ts';
import type { DraftFeed } from './schema.ts';

export const sourceRules: readonly Rule[] = [
  feedNamesAreUnique,
  fullFeedSaysWhatMissingMeans,
  changesSayNothingOfTheMissing,
  fileIsAName,
  markerIsAName,
  archiveIsInsideTheSource,
  serverIsPinned,
  loginIsGiven,
  secretsAreGivenOnce,
  passphraseHasAKey,
  decryptionSecretIsGivenOnce,
  zipEntryHasAZip,
];

function feedNamesAreUnique({ draft, places }: RuleSubject): Problem[] {
  const firsts = new Map<string, number>();
  return (draft.feeds ?? []).flatMap((feed, index) => {
    // Folders of reports carry the name, and not every disk tells capitals apart.
    const name = feed?.name?.toLowerCase();
    if (name === undefined) return [];
    const first = firsts.get(name);
    if (first === undefined) firsts.set(name, index);
    return first === undefined
      ? []
      : [places.problem(['feeds', index, 'name'], `must differ from feeds[${first}].name`)];
  });
}

function fullFeedSaysWhatMissingMeans(subject: RuleSubject): Problem[] {
  return eachFeed(subject, (feed, at, places) => {
    // A feed whose kind is wrong or missing will be a full one.
    if (feed.kind === 'changes' || places.isWritten([...at, 'missing'])) return [];
    return [
      places.remark(
        [...at, 'missing'],
        'is missing: a full feed must say "delete" (remove people who are no longer in the file) or "keep"',
      ),
    ];
  });
}

function changesSayNothingOfTheMissing(subject: RuleSubject): Problem[] {
  return eachFeed(subject, ({ kind }, at, places) => {
    if (kind !== 'changes') return [];
    return ['missing', 'delete_after']
      .filter((key) => places.isWritten([...at, key]))
      .map((key) =>
        places.remark([...at, key], 'has no use for a feed of changes: nobody is removed for being absent; remove it'),
      );
  });
}

function fileIsAName(subject: RuleSubject): Problem[] {
  return eachFeed(subject, ({ file }, at, places) =>
    file !== undefined && /[/\\]/.test(file)
      ? [
          places.problem(
            [...at, 'file'],
            'must be a pattern for the file name alone; the folder belongs into source.directory',
          ),
        ]
      : [],
  );
}

function markerIsAName(subject: RuleSubject): Problem[] {
  return eachFeed(subject, ({ ready }, at, places) => {
    const marker = ready?.marker;
    if (typeof marker !== 'string') return [];
    const rest = marker.replaceAll('{name}', '');
    return /[/\\{}]/.test(rest)
      ? [places.problem([...at, 'ready', 'marker'], 'must be a file name, with {name} for the name of the roster file')]
      : [];
  });
}

function archiveIsInsideTheSource(subject: RuleSubject): Problem[] {
  return eachFeed(subject, ({ archive_directory: directory }, at, places) => {
    if (directory === undefined) return [];
    const steps = directory.split(/[/\\]/).filter((step) => step !== '' && step !== '.');
    const isInside = !/^([/\\]|[A-Za-z]:)/.test(directory) && steps.length > 0 && !steps.includes('..');
    return isInside
      ? []
      : [
          places.problem(
            [...at, 'archive_directory'],
            'must be a folder inside the source directory, such as processed',
          ),
        ];
  });
}

function serverIsPinned(subject: RuleSubject): Problem[] {
  return eachSftp(subject, (at, places) => {
    const key = [...at, 'host_key'];
    const file = [...at, 'known_hosts_file'];
    if (places.isWritten(key) && places.isWritten(file)) {
      return [places.remark(key, 'and known_hosts_file are both written; keep one')];
    }
    if (places.isWritten(key) || places.isWritten(file)) return [];
    return [
      places.remark(
        key,
        "is missing: write the server's fingerprint (ask whoever runs the server; `ssh-keyscan HOST | ssh-keygen -lf -` prints what it offers) or known_hosts_file",
      ),
    ];
  });
}

function loginIsGiven(subject: RuleSubject): Problem[] {
  return eachSftp(subject, (at, places) =>
    ['password', 'password_file', 'private_key_file'].some((key) => places.isWritten([...at, key]))
      ? []
      : [places.remark([...at, 'password'], 'is missing: write password, password_file or private_key_file')],
  );
}

function secretsAreGivenOnce(subject: RuleSubject): Problem[] {
  return eachSftp(subject, (at, places) =>
    ['password', 'passphrase']
      .filter((key) => places.isWritten([...at, key]) && places.isWritten([...at, `${key}_file`]))
      .map((key) => places.remark([...at, key], `and ${key}_file are both written; keep one`)),
  );
}

function passphraseHasAKey(subject: RuleSubject): Problem[] {
  return eachSftp(subject, (at, places) => {
    if (places.isWritten([...at, 'private_key_file'])) return [];
    return ['passphrase', 'passphrase_file']
      .filter((key) => places.isWritten([...at, key]))
      .map((key) => places.remark([...at, key], 'has no use without private_key_file'));
  });
}

function decryptionSecretIsGivenOnce(subject: RuleSubject): Problem[] {
  return eachFeed(subject, (_feed, feed, places) => {
    const at = [...feed, 'format', 'pgp'];
    const isTwice = places.isWritten([...at, 'passphrase']) && places.isWritten([...at, 'passphrase_file']);
    return isTwice ? [places.remark([...at, 'passphrase'], 'and passphrase_file are both written; keep one')] : [];
  });
}

function zipEntryHasAZip(subject: RuleSubject): Problem[] {
  return eachFeed(subject, ({ format }, feed, places) => {
    const { compression = 'auto', zip_entry: entry = null } = format ?? {};
    return entry !== null && (compression === 'none' || compression === 'gzip')
      ? [places.remark([...feed, 'format', 'zip_entry'], `has no use with compression: ${compression}`)]
      : [];
  });
}

/** Asks about every feed that is a group at all. */
export function eachFeed(
  { draft, places }: RuleSubject,
  ask: (feed: DraftFeed, at: Path, places: Places) => Problem[],
): Problem[] {
  return (draft.feeds ?? []).flatMap((feed, index) => (feed === undefined ? [] : ask(feed, ['feeds', index], places)));
}

function eachSftp(subject: RuleSubject, ask: (at: Path, places: Places) => Problem[]): Problem[] {
  return eachFeed(subject, (feed, at, places) => (feed.source?.type === 'sftp' ? ask([...at, 'source'], places) : []));
}
