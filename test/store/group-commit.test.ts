// Writes that are asked for at about the same time share a transaction, and only that.

import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/store/database.ts';
import { NO_WATCH } from '../../src/store/disk-watch.ts';
import { createGroupCommit } from '../../src/store/group-commit.ts';
import { temporaryDirectory } from '../support/store.ts';

function newTable() {
  const directory = temporaryDirectory();
  const database = openDatabase(directory);
  database.exec('CREATE TABLE noted (text TEXT PRIMARY KEY) STRICT');
  const insert = database.prepare('INSERT INTO noted VALUES (?)');
  const seenByOthers = () => {
    const other = openDatabase(directory);
    try {
      return other.prepare('SELECT text FROM noted ORDER BY rowid').pluck().all();
    } finally {
      other.close();
    }
  };
  return {
    ...createGroupCommit(database, NO_WATCH),
    note: (text: string) => () => void insert.run(text),
    seenByOthers,
  };
}

describe('a group of writes', () => {
  it('is on disk, in order, when the first of them is answered', async () => {
    const { write, note, seenByOthers } = newTable();
    const all = ['a', 'b', 'c'].map((text) => write(note(text)));
    await all[0];
    expect(seenByOthers()).toEqual(['a', 'b', 'c']);
    await Promise.all(all);
  });

  it('goes through without the one that fails', async () => {
    const { write, note, seenByOthers } = newTable();
    const failing = () => {
      note('half')();
      throw new Error('no');
    };
    const results = await Promise.allSettled([write(note('a')), write(failing), write(note('b')), write(note('a'))]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
    expect(seenByOthers()).toEqual(['a', 'b']);
    await write(note('c'));
    expect(seenByOthers()).toEqual(['a', 'b', 'c']);
  });
});
