-- What version 1 made in SQLite, and a few plates and passages in it.

CREATE TABLE schema_version (
  version INTEGER NOT NULL,
  PRIMARY KEY (version)
);

CREATE TABLE plates (
  id INTEGER NOT NULL,
  plate VARCHAR(64) NOT NULL,
  folded VARCHAR(64) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (plate)
);

CREATE INDEX ix_plates_folded ON plates (folded);

CREATE TABLE known_misreads (
  read_plate VARCHAR(64) NOT NULL,
  plate VARCHAR(64) NOT NULL,
  times INTEGER NOT NULL,
  PRIMARY KEY (read_plate, plate)
);

CREATE TABLE passages (
  id INTEGER NOT NULL,
  passage_id VARCHAR(64) NOT NULL,
  device_id VARCHAR(64) NOT NULL,
  channel INTEGER NOT NULL,
  lane INTEGER,
  plate VARCHAR(255),
  plate_id INTEGER,
  corrected_plate VARCHAR(64),
  list VARCHAR(8) NOT NULL,
  device_list VARCHAR(64),
  vehicle_name VARCHAR(255),
  "match" VARCHAR(8),
  confidence INTEGER,
  direction VARCHAR(16) NOT NULL,
  country VARCHAR(8),
  region VARCHAR(64),
  plate_color VARCHAR(64),
  plate_type VARCHAR(64),
  vehicle_type VARCHAR(64),
  vehicle_color VARCHAR(64),
  vehicle_brand VARCHAR(64),
  captured_at BIGINT NOT NULL,
  captured_offset SMALLINT NOT NULL,
  received_at BIGINT NOT NULL,
  received_offset SMALLINT NOT NULL,
  source VARCHAR(16) NOT NULL,
  live SMALLINT NOT NULL,
  reads INTEGER NOT NULL,
  decision VARCHAR(8) NOT NULL,
  reasons TEXT NOT NULL,
  area VARCHAR(64),
  PRIMARY KEY (id),
  UNIQUE (passage_id),
  FOREIGN KEY(plate_id) REFERENCES plates (id)
);

CREATE VIRTUAL TABLE plate_search USING fts5(plate, folded, content='plates', content_rowid='id', tokenize='trigram', columnsize=0);

CREATE TRIGGER plates_added AFTER INSERT ON plates BEGIN INSERT INTO plate_search(rowid, plate, folded) VALUES (new.id, new.plate, new.folded); END;

CREATE TRIGGER plates_removed AFTER DELETE ON plates BEGIN INSERT INTO plate_search(plate_search, rowid, plate, folded) VALUES ('delete', old.id, old.plate, old.folded); END;

CREATE INDEX passages_by_channel ON passages (device_id, channel, captured_at, id);

CREATE INDEX passages_by_list ON passages (list, captured_at, id);

CREATE INDEX passages_by_plate ON passages (plate_id, captured_at, id);

CREATE INDEX passages_by_time ON passages (captured_at, id);

INSERT INTO schema_version VALUES (1);
INSERT INTO plates VALUES (1, 'AB123CD', 'A8123C0'), (2, 'ÄX1', 'ÄX1');
INSERT INTO passages (passage_id, device_id, channel, plate, plate_id, list, direction, captured_at, captured_offset,
  received_at, received_offset, source, live, reads, decision, reasons) VALUES
  ('p1', 'camera', 1, 'AB 123 CD', 1, 'none', 'forward', 1764000000000, 60, 1764000000100, 60, 'arming', 1, 1, 'none', '[]'),
  ('p2', 'camera', 1, 'ÄX1', 2, 'allow', 'forward', 1764000001000, 60, 1764000001100, 60, 'arming', 1, 2, 'open', '[]'),
  ('p3', 'camera', 1, NULL, NULL, 'none', 'unknown', 1764000002000, 60, 1764000002100, 60, 'arming', 1, 1, 'none', '[]');
