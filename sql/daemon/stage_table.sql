-- Where changes of stored versions wait for stage_apply.sql; emptied by COMMIT.
CREATE TEMPORARY TABLE IF NOT EXISTS stage_version (
    id                bigint PRIMARY KEY,
    status            version_status NOT NULL,
    status_message    text,
    is_latest         boolean NOT NULL,
    renderer          smallint NOT NULL,
    updated_at        timestamptz NOT NULL,
    status_changed_at timestamptz NOT NULL,
    tombstoned_at     timestamptz,
    content_hash      bytea,             -- NULL: hash, search text and document stay
    search_text       text,
    official          text NOT NULL,
    document          text
) ON COMMIT DELETE ROWS
