// Loaded with `--import` into the program under test: ends it, or sends it a signal, at a chosen point of its own doing.
// It watches the database from within SQLite, so that the program has no hook for it and no statement can be forgotten.
//
// STRIKE is JSON: { transition: [from, to], when: 'before' | 'after', nth, signal } strikes at a transition of the journal,
// '' standing for an operation that is not there yet; { statement, nth, signal } at a statement that matches the pattern;
// { census: FILE } strikes nobody and writes how often each transition was seen.

import { writeFileSync } from 'node:fs';
import Sqlite from 'better-sqlite3';

const strike = JSON.parse(process.env.STRIKE ?? '{}');
const counts = new Map();
const watched = new WeakSet();
let matched = 0;
/** The transition has been made, and is to be struck once it is on disk. */
let isDue = false;

function hit() {
  isDue = false;
  process.kill(process.pid, strike.signal ?? 'SIGKILL');
}

function moved(from, to, when) {
  const name = `${from}>${to}`;
  if (when === 'before') counts.set(name, (counts.get(name) ?? 0) + 1);
  if (strike.transition?.join('>') === name && strike.when === when && counts.get(name) === strike.nth) {
    if (when === 'before') hit();
    else isDue = true;
  }
  return null;
}

function watch(database) {
  if (watched.has(database)) return;
  watched.add(database);
  database.function('moved', { directOnly: false }, moved);
  for (const when of ['before', 'after']) {
    database.exec(`
      CREATE TEMP TRIGGER strike_opened_${when} ${when} INSERT ON main.operation
        BEGIN SELECT moved('', NEW.state, '${when}'); END;
      CREATE TEMP TRIGGER strike_moved_${when} ${when} UPDATE OF state ON main.operation WHEN OLD.state <> NEW.state
        BEGIN SELECT moved(OLD.state, NEW.state, '${when}'); END;`);
  }
}

function asked(sql) {
  if (strike.statement === undefined || !new RegExp(strike.statement).test(sql)) return;
  matched += 1;
  if (matched === strike.nth) hit();
}

const { prepare } = Sqlite.prototype;
const statements = Object.getPrototypeOf(new Sqlite(':memory:').prepare('SELECT 1'));
Sqlite.prototype.prepare = function prepareAndWatch(sql) {
  // The connection of a run, once its tables are there.
  if (/UPDATE operation SET state/.test(sql)) watch(this);
  return prepare.call(this, sql);
};
for (const name of ['run', 'get', 'all']) {
  const original = statements[name];
  statements[name] = function askAndWatch(...values) {
    asked(this.source);
    const result = original.apply(this, values);
    if (isDue && !this.database.inTransaction) hit();
    return result;
  };
}

if (strike.census !== undefined) {
  process.on('exit', () => writeFileSync(strike.census, JSON.stringify(Object.fromEntries(counts))));
}
