// What is held, who decided about it, and in which order operations wait for each other.

export const heldSets = `
-- Why an operation is held, or was not sent, in words.
ALTER TABLE operation ADD COLUMN reason TEXT;
-- Ordinals of operations of the same run that must be applied before this one, as a JSON array.
ALTER TABLE operation ADD COLUMN waits_for TEXT;
-- 1: somebody rejected the set that it belongs to.
ALTER TABLE operation ADD COLUMN left_out INTEGER NOT NULL DEFAULT 0 CHECK (left_out IN (0, 1));
-- 1: held only because it needs what another held operation would give up.
ALTER TABLE operation ADD COLUMN depends INTEGER NOT NULL DEFAULT 0 CHECK (depends IN (0, 1));
-- 1: an intermediate update, which makes room for a moment.
ALTER TABLE operation ADD COLUMN is_parking INTEGER NOT NULL DEFAULT 0 CHECK (is_parking IN (0, 1));
-- What was deleted of a feed within the last days.
CREATE INDEX operation_deleted ON operation (feed, settled_at_ms) WHERE kind = 'delete' AND state = 'applied';

CREATE INDEX operation_parking ON operation (run) WHERE is_parking = 1;
-- What an intermediate update took from a contact, until the contact gets new values or these back.
CREATE TABLE parked (
  external_id  TEXT PRIMARY KEY REFERENCES contact (external_id) ON DELETE CASCADE ON UPDATE CASCADE,
  email        TEXT,
  phone_number TEXT,
  CHECK (email IS NOT NULL OR phone_number IS NOT NULL)
) STRICT, WITHOUT ROWID;

-- Contacts of one feed of whom the last file of another feed spoke: they are not removed while that feed cannot be taken.
CREATE TABLE spoken_for (
  external_id TEXT NOT NULL REFERENCES contact (external_id) ON DELETE CASCADE ON UPDATE CASCADE,
  feed        TEXT NOT NULL,
  PRIMARY KEY (external_id, feed)
) STRICT, WITHOUT ROWID;

-- What a run held of a feed, as one set: src/store/held-sets.ts draws the states and lists the transitions.
CREATE TABLE held_set (
  run              TEXT NOT NULL REFERENCES run (id),
  feed             TEXT NOT NULL REFERENCES feed (name),
  state            TEXT NOT NULL CHECK (state IN ('waiting', 'approved', 'rejected', 'used', 'superseded')),
  -- Of the exact operations, of the file's content and of the configuration: the same set has the same three.
  digest           TEXT NOT NULL,
  sha256           TEXT NOT NULL,
  configuration    TEXT NOT NULL,
  operation_count  INTEGER NOT NULL,
  -- The snapshot when it was approved; with another one the approval is void.
  snapshot_version INTEGER,
  decided_by       TEXT,
  decided_at_ms    INTEGER,
  -- The last run that let an approved set, or what was left of it, through.
  used_by_run      TEXT REFERENCES run (id),
  PRIMARY KEY (run, feed),
  CHECK ((decided_by IS NULL) = (decided_at_ms IS NULL)),
  CHECK (state NOT IN ('approved', 'rejected', 'used') OR decided_by IS NOT NULL),
  CHECK (state <> 'waiting' OR decided_by IS NULL),
  CHECK (state <> 'used' OR used_by_run IS NOT NULL),
  CHECK (state NOT IN ('approved', 'used') OR snapshot_version IS NOT NULL)
) STRICT;
CREATE INDEX held_set_open ON held_set (feed) WHERE state IN ('waiting', 'approved', 'rejected');

-- Counts every change of what the API confirmed.
CREATE TABLE snapshot_version (version INTEGER NOT NULL) STRICT;
INSERT INTO snapshot_version VALUES (0);
CREATE TRIGGER contact_inserted AFTER INSERT ON contact BEGIN
  UPDATE snapshot_version SET version = version + 1;
END;
CREATE TRIGGER contact_deleted AFTER DELETE ON contact BEGIN
  UPDATE snapshot_version SET version = version + 1;
END;
CREATE TRIGGER contact_updated AFTER UPDATE OF external_id, first_name, last_name, email, phone_number, attributes ON contact
  WHEN OLD.external_id <> NEW.external_id OR OLD.first_name <> NEW.first_name OR OLD.last_name <> NEW.last_name
    OR OLD.email <> NEW.email OR OLD.phone_number IS NOT NEW.phone_number OR OLD.attributes <> NEW.attributes
BEGIN
  UPDATE snapshot_version SET version = version + 1;
END;
`;
