// What is wrong with the state is said in plain words, with exit code 9.

import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { DatabaseError } from '../../src/errors.ts';
import { asDatabaseError, databasePath, openDatabase, openDatabaseUntouched } from '../../src/store/database.ts';
import { newStore, temporaryDirectory } from '../support/store.ts';
import { hashTree } from '../support/tree.ts';

describe('the state database', () => {
  it('is readable by its owner only', () => {
    const state = join(temporaryDirectory(), 'state');
    openDatabase(state).close();
    expect(statSync(databasePath(state)).mode & 0o777).toBe(0o600);
    expect(statSync(state).mode & 0o777).toBe(0o700);
  });

  it('refuses a file that is no database', () => {
    const state = temporaryDirectory();
    writeFileSync(databasePath(state), 'dear diary, '.repeat(1000));
    expect(() => openDatabase(state)).toThrow(DatabaseError);
    expect(() => openDatabase(state)).toThrow(/is not a workshop-sync database/);
  });

  it("refuses another program's database", () => {
    const state = temporaryDirectory();
    const other = new Sqlite(databasePath(state));
    other.exec('CREATE TABLE song (title TEXT)');
    other.close();
    expect(() => openDatabase(state)).toThrow(/belongs to another program/);
  });

  it('refuses a database that a newer version wrote, and leaves it as it is', () => {
    const state = temporaryDirectory();
    const database = openDatabase(state);
    database.pragma('user_version = 999');
    database.close();
    const before = hashTree(state);
    expect(() => openDatabase(state)).toThrow(/newer version .*schema 999/);
    expect(hashTree(state)).toEqual(before);
  });

  it('names the remedy for a full disk, and leaves errors alone that are not about the state', () => {
    const full = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
    expect(asDatabaseError(full, 'state')).toMatchObject({
      exitCode: 9,
      message: expect.stringContaining('the disk is full'),
    });
    const bug = new Error('undefined is not a function');
    expect(asDatabaseError(bug, 'state')).toBe(bug);
  });

  it('accepts only states and counts that make sense', () => {
    const store = newStore();
    const insert = (state: string, body: string | null) =>
      store.database
        .prepare(
          "INSERT INTO operation (run, ordinal, feed, kind, external_id, body, state) VALUES ('run-1', 1, 'employees', 'create', 'A', ?, ?)",
        )
        .run(body, state);
    expect(() => insert('lost', '{}')).toThrow(/CHECK/);
    expect(() => insert('held', '{}')).toThrow(/CHECK/);
    expect(() => insert('applied', '{}')).toThrow(/CHECK/);
    expect(() => insert('pending', null)).toThrow(/CHECK/);
    expect(() => insert('pending', '{}')).not.toThrow();
  });
});

describe('opened without touching it', () => {
  it('is the same byte for byte afterwards', () => {
    const state = temporaryDirectory();
    openDatabase(state).close();
    const before = hashTree(state);
    openDatabaseUntouched(state, temporaryDirectory()).close();
    expect(hashTree(state)).toEqual(before);
  });

  it('is an empty one when there is none, and none is made', () => {
    const state = join(temporaryDirectory(), 'state');
    const database = openDatabaseUntouched(state, temporaryDirectory());
    expect(database.prepare('SELECT count(*) FROM contact').pluck().get()).toBe(0);
    database.close();
    expect(() => statSync(state)).toThrow(/ENOENT/);
  });
});
