// Feeds of changes read every file once, and again as long as something of it is open.

export const changes = `
-- 1: a file of changes of which nothing is left to do.
ALTER TABLE file ADD COLUMN is_done INTEGER NOT NULL DEFAULT 0 CHECK (is_done IN (0, 1) AND (is_done = 0 OR verdict = 'accepted'));
CREATE INDEX file_by_name ON file (feed, name);
-- Who was removed or got another id lately: an old file of another feed does not bring them back.
CREATE INDEX operation_gone ON operation (settled_at_ms) WHERE state = 'applied' AND kind IN ('delete', 'rekey');

-- What files of changes said last of a person: older words do not count, of whichever feed.
CREATE TABLE last_word (
  external_id    TEXT NOT NULL,
  feed           TEXT NOT NULL,
  -- Of the file: the date in its name, where it has one, and its modification time.
  name_date      TEXT,
  modified_at_ms INTEGER NOT NULL,
  accepted_at_ms INTEGER NOT NULL,
  -- 1: a newer file of another feed, read in the same run, counted instead.
  is_lost        INTEGER NOT NULL CHECK (is_lost IN (0, 1)),
  PRIMARY KEY (external_id, feed)
) STRICT, WITHOUT ROWID;
`;
