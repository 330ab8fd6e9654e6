-- Requests for a sync are announced here.
LISTEN mcpr_sync
