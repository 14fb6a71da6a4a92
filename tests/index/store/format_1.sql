CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE cases (
    case_no INTEGER PRIMARY KEY, case_id TEXT NOT NULL UNIQUE, patient_id TEXT NOT NULL, patient TEXT NOT NULL,
    model_version TEXT NOT NULL, study_instance_uid TEXT, accession_number TEXT,
    modality TEXT, body_part TEXT, view TEXT, sex TEXT, age REAL, day_offset INTEGER, source TEXT, licence TEXT,
    extra TEXT NOT NULL, report TEXT, report_joined INTEGER NOT NULL DEFAULT 0);
CREATE TABLE sources (
    stamp TEXT NOT NULL, case_no INTEGER NOT NULL REFERENCES cases ON DELETE CASCADE,
    PRIMARY KEY (stamp, case_no)) WITHOUT ROWID;
CREATE INDEX sources_case ON sources (case_no);
CREATE INDEX cases_patient ON cases (patient);
CREATE INDEX cases_patient_id ON cases (patient_id);
CREATE INDEX cases_study ON cases (study_instance_uid);
CREATE INDEX cases_accession ON cases (accession_number);
CREATE TABLE images (
    image_id INTEGER PRIMARY KEY, case_no INTEGER NOT NULL REFERENCES cases ON DELETE CASCADE, image TEXT NOT NULL,
    content_sha256 TEXT NOT NULL, file_sha256 TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,
    turn TEXT NOT NULL, boxes TEXT NOT NULL, tokens BLOB NOT NULL, preview BLOB NOT NULL);
CREATE INDEX images_case ON images (case_no);
CREATE INDEX images_content ON images (content_sha256);
CREATE INDEX images_file ON images (file_sha256);
CREATE TABLE vectors (
    region TEXT NOT NULL, image_id INTEGER NOT NULL REFERENCES images ON DELETE CASCADE, vector BLOB NOT NULL,
    PRIMARY KEY (region, image_id)) WITHOUT ROWID;
CREATE INDEX vectors_image ON vectors (image_id);
CREATE TABLE facts (
    case_no INTEGER NOT NULL REFERENCES cases ON DELETE CASCADE, position INTEGER NOT NULL, finding TEXT NOT NULL,
    anatomy TEXT NOT NULL, side TEXT, polarity TEXT NOT NULL, severity TEXT, size_mm REAL, change TEXT,
    sentence TEXT, span_start INTEGER, span_end INTEGER, PRIMARY KEY (case_no, position)) WITHOUT ROWID;
CREATE INDEX facts_finding ON facts (finding, polarity, anatomy, side);
CREATE TABLE normal_anatomies (
    case_no INTEGER NOT NULL REFERENCES cases ON DELETE CASCADE, anatomy TEXT NOT NULL, side TEXT);
CREATE INDEX normal_case ON normal_anatomies (case_no);
CREATE VIRTUAL TABLE sentences USING fts5 (sentence, case_no UNINDEXED, tokenize = 'porter unicode61');
