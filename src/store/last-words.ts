// What files of changes said last of each person. Whatever is older does not count: rows of earlier files that are read again,
// of files that come late, and of full files that were there before.

import { LINES_PER_FILE } from '../roster/line.ts';
import type { Database } from './database.ts';

/** A file that is read: when it is of, and when it was accepted first (null: it is new). */
export interface FileTime {
  /** The date in its name, as text that sorts; null when it has none. */
  readonly nameDate: string | null;
  readonly modifiedAtMs: number;
  readonly acceptedAtMs: number | null;
}

/** The last accepted file of a full feed. */
export interface FullFile {
  readonly modifiedAtMs: number;
  /** Since when it has been the last. */
  readonly sinceMs: number;
}

export interface FilesRead {
  /** They hold only what changed: their leavers speak of other feeds' people as well. */
  readonly changes: boolean;
  readonly files: readonly FileTime[];
}

/** Of the staged row `r`. */
export function fileFact(fact: keyof FileTime): string {
  return `json_extract(:files, '$[' || (r.line / ${LINES_PER_FILE}) || '].${fact}')`;
}

/** Is the first of another time than, and later than, the second? By the dates in the names where both have one. */
function isLater(nameDate: string, modifiedAtMs: string, than: { nameDate: string; modifiedAtMs: string }): string {
  return `CASE WHEN ${nameDate} IS NOT NULL AND ${than.nameDate} IS NOT NULL AND ${nameDate} <> ${than.nameDate} THEN ${nameDate} > ${than.nameDate}
    ELSE ${modifiedAtMs} > ${than.modifiedAtMs} END`;
}

const OF_ROW = { nameDate: fileFact('nameDate'), modifiedAtMs: fileFact('modifiedAtMs') };

/**
 * Sets rows of the staged feed aside that are older than the last word on their person. `fullFiles`: the last accepted file of
 * each other full feed, which has a word on all of its people.
 */
export function setOutdatedAside(
  database: Database,
  feed: string,
  { changes, files, fullFiles }: FilesRead & { readonly fullFiles: Readonly<Record<string, FullFile>> },
): void {
  database.exec('DELETE FROM staging.foreign_row');
  const find = (table: string) => `
    SELECT r.line, '${table}', r.external_id, w.feed FROM last_word w CROSS JOIN staging.${table} r ON r.external_id = w.external_id
     WHERE r.fate = 'ok' AND (w.feed = :feed AND (${isLater('w.name_date', 'w.modified_at_ms', OF_ROW)} OR w.is_lost AND NOT ${isLater(OF_ROW.nameDate, OF_ROW.modifiedAtMs, { nameDate: 'w.name_date', modifiedAtMs: 'w.modified_at_ms' })})
       OR w.feed <> :feed AND w.is_lost = 0 AND w.accepted_at_ms >= ${fileFact('acceptedAtMs')})`;
  const ofFull = (fact: keyof FullFile) => `json_extract(:fullFiles, '$."' || c.feed || '".${fact}')`;
  const sinceThen = (table: string) => `
    SELECT r.line, '${table}', r.external_id, c.feed FROM staging.${table} r CROSS JOIN contact c ON c.external_id = r.external_id
     WHERE :changes AND r.fate = 'ok' AND c.feed <> :feed AND CASE WHEN ${fileFact('acceptedAtMs')} IS NULL
       THEN ${ofFull('modifiedAtMs')} > ${fileFact('modifiedAtMs')} ELSE ${ofFull('sinceMs')} > ${fileFact('acceptedAtMs')} END`;
  const justLeft = (table: string) => `
    SELECT r.line, '${table}', r.external_id, p.feed FROM staging.spoken p CROSS JOIN staging.${table} r ON r.external_id = p.external_id
     WHERE r.fate = 'ok' AND p.feed <> :feed AND p.is_new = 1 AND p.is_left = 1
       AND (${fileFact('acceptedAtMs')} IS NOT NULL OR p.modified_at_ms > ${fileFact('modifiedAtMs')})`;
  const tables = ['employee', 'leaver'];
  database
    .prepare(
      `INSERT OR IGNORE INTO staging.foreign_row (line, origin, external_id, owner, is_old, file_ms, was_taken, is_kept)
         SELECT o.*, 1, 0, 0, 1 FROM (${tables.flatMap((table) => [find(table), sinceThen(table), justLeft(table)]).join(' UNION ALL ')}) o`,
    )
    .run({ feed, changes: changes ? 1 : 0, files: JSON.stringify(files), fullFiles: JSON.stringify(fullFiles) });
}

/** Notes of whom the feed's files of changes speak; `is_new`: in a file that was not accepted before. */
export function noteSpoken(database: Database, feed: string, files: readonly FileTime[]): void {
  const facts = `${fileFact('acceptedAtMs')} IS NULL, ${fileFact('nameDate')}, ${fileFact('modifiedAtMs')}`;
  const accepted = (table: string) =>
    `SELECT :feed, r.external_id, 1, ${facts}, ${table === 'leaver' ? 1 : 0} FROM staging.${table} r WHERE r.fate = 'ok'`;
  database
    .prepare(
      `INSERT OR IGNORE INTO staging.spoken (feed, external_id, is_accepted, is_new, name_date, modified_at_ms, is_left)
         ${accepted('employee')} UNION ALL ${accepted('leaver')}
         UNION ALL SELECT :feed, r.external_id, 0, ${facts}, 0 FROM staging.reject r WHERE r.feed = :feed AND r.external_id IS NOT NULL`,
    )
    .run({ feed, files: JSON.stringify(files) });
}

/** Remembers what the accepted files said. To be called when the plan is opened. */
export function rememberLastWords(database: Database, feeds: readonly string[], nowMs: number): void {
  database
    .prepare(
      `INSERT INTO last_word (external_id, feed, name_date, modified_at_ms, accepted_at_ms, is_lost)
         SELECT external_id, feed, name_date, modified_at_ms, :nowMs, is_lost FROM staging.spoken
          WHERE is_accepted = 1 AND feed IN (SELECT value FROM json_each(:feeds))
       ON CONFLICT (external_id, feed) DO UPDATE SET name_date = excluded.name_date, modified_at_ms = excluded.modified_at_ms,
           accepted_at_ms = excluded.accepted_at_ms, is_lost = excluded.is_lost
         WHERE excluded.is_lost <> last_word.is_lost OR excluded.name_date IS NOT last_word.name_date
           OR excluded.modified_at_ms <> last_word.modified_at_ms`,
    )
    .run({ nowMs, feeds: JSON.stringify(feeds) });
}
