// The first schema: what is remembered between runs. Times are milliseconds since the epoch;
// bodies, headers and counts are JSON text.

export const initial = `
CREATE TABLE run (
  id             TEXT PRIMARY KEY,
  process_id     INTEGER NOT NULL,
  started_at_ms  INTEGER NOT NULL,
  finished_at_ms INTEGER,
  exit_code      INTEGER,
  verdict        TEXT,
  CHECK ((finished_at_ms IS NULL) = (exit_code IS NULL)),
  CHECK ((finished_at_ms IS NULL) = (verdict IS NULL))
) STRICT;

CREATE TABLE feed (
  name              TEXT PRIMARY KEY,
  -- How a record's bytes became an employee when the fingerprints below were taken; another layout voids them.
  layout            TEXT,
  -- The content and configuration after which nothing of the feed was left open: met again, it need not be read.
  settled_content   TEXT,
  -- How many people were unchanged, kept and so on then, as JSON.
  settled_people    TEXT,
  -- 1 once a full file of the feed was wholly applied.
  wholly_applied    INTEGER NOT NULL DEFAULT 0 CHECK (wholly_applied IN (0, 1)),
  CHECK ((settled_content IS NULL) = (settled_people IS NULL))
) STRICT;

CREATE TABLE file (
  id             INTEGER PRIMARY KEY,
  feed           TEXT NOT NULL REFERENCES feed (name),
  run            TEXT NOT NULL REFERENCES run (id),
  name           TEXT NOT NULL,
  size           INTEGER NOT NULL,
  modified_at_ms INTEGER NOT NULL,
  sha256         TEXT NOT NULL,
  -- Hash of the feed's configuration: with another one the same content is read again.
  configuration  TEXT NOT NULL,
  verdict        TEXT NOT NULL CHECK (verdict IN ('accepted', 'quarantined')),
  header         TEXT,
  row_counts     TEXT,
  -- Why it was set aside, and what to do.
  message        TEXT,
  hint           TEXT,
  seen_at_ms     INTEGER NOT NULL,
  CHECK ((verdict = 'quarantined') = (message IS NOT NULL)),
  CHECK ((verdict = 'accepted') = (header IS NOT NULL AND row_counts IS NOT NULL))
) STRICT;
CREATE INDEX file_by_content ON file (feed, sha256);

CREATE TABLE sighting (
  feed             TEXT NOT NULL,
  name             TEXT NOT NULL,
  size             INTEGER NOT NULL,
  modified_at_ms   INTEGER NOT NULL,
  first_seen_at_ms INTEGER NOT NULL,
  PRIMARY KEY (feed, name)
) STRICT, WITHOUT ROWID;

-- The snapshot: what the API last confirmed, one contact at a time.
CREATE TABLE contact (
  id               INTEGER PRIMARY KEY,
  feed             TEXT NOT NULL REFERENCES feed (name),
  external_id      TEXT NOT NULL UNIQUE,
  first_name       TEXT NOT NULL,
  last_name        TEXT NOT NULL,
  email            TEXT NOT NULL,
  email_key        TEXT NOT NULL,
  phone_number     TEXT,
  attributes       TEXT NOT NULL CHECK (json_valid(attributes)),
  -- The row of the file that this contact equals, so that the same bytes need not be read again.
  row_fingerprint  TEXT,
  -- In how many accepted full files in a row the person was missing, and since when.
  absent_files     INTEGER NOT NULL DEFAULT 0 CHECK (absent_files >= 0),
  absent_since_ms  INTEGER,
  CHECK ((absent_files = 0) = (absent_since_ms IS NULL))
) STRICT;
CREATE INDEX contact_by_row ON contact (row_fingerprint) WHERE row_fingerprint IS NOT NULL;
CREATE INDEX contact_by_email ON contact (email_key);
CREATE INDEX contact_by_phone ON contact (phone_number) WHERE phone_number IS NOT NULL;
CREATE INDEX contact_absent ON contact (feed, external_id) WHERE absent_files > 0;

-- The journal: the plan with states (src/plan/operation.ts lists them and their transitions).
CREATE TABLE operation (
  id              INTEGER PRIMARY KEY,
  run             TEXT NOT NULL REFERENCES run (id),
  ordinal         INTEGER NOT NULL,
  feed            TEXT NOT NULL,
  kind            TEXT NOT NULL CHECK (kind IN ('create', 'update', 'rekey', 'delete')),
  external_id     TEXT NOT NULL,
  line            INTEGER,
  body            TEXT,
  before          TEXT,
  fingerprint     TEXT,
  state           TEXT NOT NULL CHECK (state IN ('pending', 'in_flight', 'applied', 'refused', 'abandoned', 'held', 'superseded')),
  guard           TEXT,
  status          INTEGER,
  attempts        INTEGER NOT NULL DEFAULT 0,
  error           TEXT,
  drift           TEXT,
  -- 1: it may have been carried out without our knowing; the next run asks before it plans.
  in_doubt        INTEGER NOT NULL DEFAULT 0 CHECK (in_doubt IN (0, 1)),
  settled_at_ms   INTEGER,
  UNIQUE (run, ordinal),
  CHECK ((kind = 'delete') = (body IS NULL)),
  CHECK ((kind = 'create') = (before IS NULL)),
  CHECK (state <> 'held' OR guard IS NOT NULL),
  CHECK ((state IN ('applied', 'refused', 'abandoned')) = (settled_at_ms IS NOT NULL)),
  CHECK (in_doubt = 0 OR state IN ('in_flight', 'abandoned'))
) STRICT;
CREATE INDEX operation_in_doubt ON operation (id) WHERE in_doubt = 1;
CREATE INDEX operation_drift ON operation (run, ordinal) WHERE drift IS NOT NULL;
CREATE INDEX operation_open ON operation (run, state, ordinal) WHERE state IN ('pending', 'held');
`;
