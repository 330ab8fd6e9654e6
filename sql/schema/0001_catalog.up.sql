-- The catalog: sources, registries, entries of three kinds with their versions, sync state and its history,
-- and the generation by which readers know whether what they hold is still true.
--
-- Text that orders or identifies is COLLATE "C": pages are the same in every database.

CREATE TYPE entry_kind AS ENUM ('server', 'skill', 'plugin');
CREATE TYPE version_status AS ENUM ('active', 'deprecated', 'archived', 'deleted');
CREATE TYPE creation_type AS ENUM ('API', 'CONFIG');
CREATE TYPE sync_phase AS ENUM ('syncing', 'complete', 'failed');
CREATE TYPE run_outcome AS ENUM ('running', 'changed', 'unchanged', 'failed', 'interrupted');

-- Each distinct canonical set of claims once. Row 1 is "unlabelled": nothing, null and {} alike.
CREATE TABLE claim_set (
    id     integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    digest bytea   NOT NULL UNIQUE,          -- SHA-256 of claims: the text itself may be too long for an index
    claims text    NOT NULL
);
INSERT INTO claim_set (digest, claims) VALUES (sha256('{}'), '{}');

CREATE TABLE source (
    id            integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name          text COLLATE "C" NOT NULL UNIQUE,
    creation_type creation_type NOT NULL,
    source_type   text NOT NULL CHECK (source_type IN ('git', 'api', 'file', 'managed', 'kubernetes')),
    format        text CHECK (format IN ('toolhive', 'upstream')),   -- NULL: found out by content
    source_config text NOT NULL,             -- JSON of the type block, as the admin API shows it
    filter_config text,                      -- JSON, NULL without a filter
    sync_schedule interval,                  -- NULL: never synced by time
    syncable      boolean NOT NULL,
    claim_set_id  integer NOT NULL DEFAULT 1 REFERENCES claim_set,
    claims        text,                      -- JSON as it was sent, NULL when none
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE registry (
    id            integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name          text COLLATE "C" NOT NULL UNIQUE,
    creation_type creation_type NOT NULL,
    claim_set_id  integer NOT NULL DEFAULT 1 REFERENCES claim_set,
    claims        text,
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now()
);

-- Positions of a registry run from 0 without a hole; the source at 0 comes first. Readers rely on it: rows of
-- position 0 need no look for a source that goes before them.
CREATE TABLE registry_source (
    registry_id integer NOT NULL REFERENCES registry ON DELETE CASCADE,
    source_id   integer NOT NULL REFERENCES source ON DELETE RESTRICT,
    position    integer NOT NULL CHECK (position >= 0),
    PRIMARY KEY (registry_id, source_id),
    UNIQUE (registry_id, position)
);
CREATE INDEX registry_source_source ON registry_source (source_id);

-- An entry owns the name of one kind in one source; claims are on names. The namespace is that of skills and
-- plugins, '' for servers.
CREATE TABLE entry (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id    integer NOT NULL REFERENCES source ON DELETE CASCADE,
    kind         entry_kind NOT NULL,
    namespace    text COLLATE "C" NOT NULL DEFAULT '',
    name         text COLLATE "C" NOT NULL,
    claim_set_id integer NOT NULL DEFAULT 1 REFERENCES claim_set,
    claims       text,                       -- JSON as it was sent, NULL when none
    alive        boolean NOT NULL,           -- has a version that is not deleted: only such a name hides others
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX entry_name ON entry (kind, name, namespace, source_id) INCLUDE (alive, claim_set_id);
CREATE INDEX entry_source ON entry (source_id);

-- One version, rendered: a reader joins document and official and parses neither. source_id, kind, namespace,
-- name and claim_set_id are copies of the entry's, so that a page is one index range.
CREATE TABLE entry_version (
    id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    entry_id          bigint NOT NULL REFERENCES entry ON DELETE CASCADE,
    source_id         integer NOT NULL,
    claim_set_id      integer NOT NULL,
    kind              entry_kind NOT NULL,
    status            version_status NOT NULL,
    is_latest         boolean NOT NULL,
    renderer          smallint NOT NULL,     -- the number of the renderer that made document and official
    published_at      timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL,  -- moves where content or status does, not with every sync
    status_changed_at timestamptz NOT NULL,
    tombstoned_at     timestamptz,           -- set when the version disappeared from its source
    content_hash      bytea NOT NULL,        -- SHA-256 of document
    namespace         text COLLATE "C" NOT NULL DEFAULT '',
    name              text COLLATE "C" NOT NULL,
    version           text COLLATE "C" NOT NULL,
    status_message    text,
    search_text       text NOT NULL,         -- folded name, title and description, separated by U+FFFF
    official          text NOT NULL,
    document          text NOT NULL,
    UNIQUE (entry_id, version)
) WITH (toast_tuple_target = 8160, autovacuum_vacuum_scale_factor = 0.05);
-- Compressing documents would cost every read; up to 8 kB they stay in the page.
ALTER TABLE entry_version ALTER COLUMN document SET STORAGE EXTERNAL;
ALTER TABLE entry_version ALTER COLUMN search_text SET STORAGE EXTERNAL;

CREATE INDEX entry_version_page ON entry_version (source_id, kind, name, namespace, version);
CREATE INDEX entry_version_latest ON entry_version (source_id, kind, name, namespace, version) WHERE is_latest;
CREATE UNIQUE INDEX entry_version_one_latest ON entry_version (entry_id) WHERE is_latest;
CREATE INDEX entry_version_tombstone ON entry_version (source_id, tombstoned_at) WHERE tombstoned_at IS NOT NULL;

-- Search by trigrams where the extension can be had; without it, search reads the folded texts one by one.
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    -- Searches read the list of what is not sorted in yet from end to end: it is kept short.
    CREATE INDEX entry_version_search ON entry_version USING gin (search_text gin_trgm_ops)
        WITH (gin_pending_list_limit = 512);
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
    RAISE NOTICE 'no pg_trgm here (%): search will not use an index', SQLERRM;
END $$;

-- What is known of a source's synchronisation. One row a source, made with it.
CREATE TABLE source_sync (
    source_id       integer PRIMARY KEY REFERENCES source ON DELETE CASCADE,
    phase           sync_phase NOT NULL,
    message         text NOT NULL,
    started_at      timestamptz,             -- start of the last attempt
    ended_at        timestamptz,             -- end of the last attempt, NULL before the first
    last_success_at timestamptz,             -- end of the last attempt that did not fail
    next_due_at     timestamptz,             -- NULL: due now (syncable sources)
    attempt_count   bigint NOT NULL DEFAULT 0,   -- consecutive failures
    data_hash       text,                    -- of the bytes last written, SHA-256, hexadecimal
    settings_hash   text,                    -- of filter, format, type block and renderer last applied
    server_count    bigint NOT NULL DEFAULT 0,
    skill_count     bigint NOT NULL DEFAULT 0,
    plugin_count    bigint NOT NULL DEFAULT 0,
    requested_at    timestamptz              -- somebody asked for a sync; NULL when served
);

-- The history of attempts.
CREATE TABLE sync_run (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id  integer NOT NULL REFERENCES source ON DELETE CASCADE,
    trigger    text NOT NULL CHECK (trigger IN ('interval', 'request', 'settings', 'recovery')),
    outcome    run_outcome NOT NULL DEFAULT 'running',
    started_at timestamptz NOT NULL DEFAULT now(),
    ended_at   timestamptz,
    added      bigint NOT NULL DEFAULT 0,
    changed    bigint NOT NULL DEFAULT 0,
    removed    bigint NOT NULL DEFAULT 0,
    bytes      bigint NOT NULL DEFAULT 0,    -- fetched
    message    text NOT NULL DEFAULT ''
);
CREATE INDEX sync_run_source ON sync_run (source_id, id DESC);

-- One counter, raised in the transaction of every change that a reader could see, and announced on the channel
-- mcpr_generation. It is never below the clock in microseconds, so that a number is not given out twice even
-- after the database was restored from a backup.
CREATE TABLE generation (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    number   bigint NOT NULL
);
INSERT INTO generation (number) VALUES ((extract(epoch FROM clock_timestamp()) * 1000000)::bigint);

-- The application's rights. Its login is made a member of the role (thv-syncd prime-db does so). Where the
-- migrating user may not create roles, somebody who may has to create this one first.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'toolhive_registry_server') THEN
        CREATE ROLE toolhive_registry_server NOLOGIN;
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;   -- another database's migration was faster
    WHEN insufficient_privilege THEN
        RAISE NOTICE 'role toolhive_registry_server is missing and may not be created: only the owner of the tables can use them';
END $$;
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'toolhive_registry_server') THEN
        GRANT USAGE ON SCHEMA public TO toolhive_registry_server;
        GRANT SELECT, INSERT, UPDATE, DELETE
            ON claim_set, source, registry, registry_source, entry, entry_version, source_sync, sync_run
            TO toolhive_registry_server;
        GRANT SELECT, UPDATE ON generation TO toolhive_registry_server;
        GRANT USAGE ON SEQUENCE entry_id_seq TO toolhive_registry_server;   -- a sync reserves ids
        GRANT SELECT ON schema_migration TO toolhive_registry_server;
    END IF;
END $$;
