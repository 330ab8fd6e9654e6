-- READ COMMITTED: what a sync writes is guarded by its source's advisory lock, not by snapshots.
BEGIN ISOLATION LEVEL READ COMMITTED
