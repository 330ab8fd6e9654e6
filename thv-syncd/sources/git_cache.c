/*
 * Making, locking, tidying and removing caches. Nothing here knows libgit2, only what its folders look like.
 */
#include "thv-syncd/sources/git_cache.h"
#include "common/util/digest.h"
#include "thv-syncd/sources/source.h"
#include <apr_file_info.h>
#include <apr_hash.h>
#include <apr_strings.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEAL       "mcpr"
#define SEAL_BYTES 65
#define OPEN_FILES 16

static const char *join(const char *folder, const char *name, apr_pool_t *pool)
{
    return apr_pstrcat(pool, folder, "/", name, NULL);
}

/* --- the folders above */

/* Is there a folder of ours that nobody else can look into? */
static apr_status_t check_folder(const char *path, const char **error, apr_pool_t *pool)
{
    struct stat is;

    if (lstat(path, &is) != 0) {
        int reason = errno;

        *error = apr_psprintf(pool, "no folder for caches: %s: %s", path, strerror(reason));
        return APR_FROM_OS_ERROR(reason);
    }
    if (!S_ISDIR(is.st_mode) || is.st_uid != geteuid() ||
        ((is.st_mode & 077) != 0 && chmod(path, 0700) != 0)) {
        *error = apr_psprintf(pool, "no folder for caches: %s is not a folder of this user", path);
        return APR_EACCES;
    }
    return APR_SUCCESS;
}

/* The same; it is made when it is not there. */
static apr_status_t own_folder(const char *path, const char **error, apr_pool_t *pool)
{
    if (mkdir(path, 0700) != 0 && errno != EEXIST) {
        int reason = errno;

        *error = apr_psprintf(pool, "no folder for caches: %s: %s", path, strerror(reason));
        return APR_FROM_OS_ERROR(reason);
    }
    return check_folder(path, error, pool);
}

/* Where the caches are, and above that a folder that may have to be made. */
static const char *caches(const char *state_dir, const char **above, apr_pool_t *pool)
{
    const char *temporary = getenv("TMPDIR");

    *above = state_dir ? state_dir
                       : apr_psprintf(pool, "%s/thv-syncd-%ld", temporary && *temporary ? temporary : "/tmp",
                                      (long)geteuid());
    return join(*above, "git", pool);
}

apr_status_t mcpr_git_cache_folder(const char **folder, const char *state_dir, const char *source,
                                   const char **error, apr_pool_t *pool)
{
    const char *above, *all = caches(state_dir, &above, pool);
    apr_status_t status = APR_SUCCESS;

    if (!state_dir) {
        status = own_folder(above, error, pool);
    } else {
        (void)mkdir(above, 0700); /* what is wrong with it shows in the next line */
    }
    if (status == APR_SUCCESS) {
        status = own_folder(all, error, pool);
    }
    *folder = join(all, mcpr_source_file_name(source, pool), pool);
    return status;
}

/* --- removing */

static int remove_one(const char *path, const struct stat *is, int type, struct FTW *at)
{
    (void)is;
    (void)type;
    return at->level > 0 ? remove(path) : 0;
}

apr_status_t mcpr_git_cache_empty(const char *folder)
{
    return nftw(folder, remove_one, OPEN_FILES, FTW_DEPTH | FTW_PHYS | FTW_MOUNT) == 0
               ? APR_SUCCESS
               : APR_FROM_OS_ERROR(errno);
}

/* --- in order */

static int ends_with(const char *text, const char *end)
{
    apr_size_t len = strlen(text), most = strlen(end);

    return len >= most && strcmp(text + len - most, end) == 0;
}

/* Removes packs that were not finished. Returns whether what stays is within bounds. */
static int tidy_packs(const char *folder, apr_pool_t *pool)
{
    const char *packs = join(folder, "objects/pack", pool);
    apr_int64_t bytes = 0;
    int count = 0;
    apr_dir_t *dir;
    apr_finfo_t file;

    if (apr_dir_open(&dir, packs, pool) != APR_SUCCESS) {
        return 0;
    }
    while (apr_dir_read(&file, APR_FINFO_DIRENT | APR_FINFO_SIZE | APR_FINFO_TYPE, dir) == APR_SUCCESS) {
        int is_pack = ends_with(file.name, ".pack"), is_index = ends_with(file.name, ".idx");

        if (file.filetype != APR_REG) {
            continue;
        }
        if (strncmp(file.name, "pack-", 5) == 0 && (is_pack || is_index)) {
            bytes += file.size;
            count += is_pack;
        } else {
            (void)unlink(join(packs, file.name, pool));
        }
    }
    apr_dir_close(dir);
    return bytes <= MCPR_GIT_CACHE_MOST && count <= MCPR_GIT_CACHE_PACKS;
}

/* What the seal must say. */
static const char *seal_text(const char *repository, apr_pool_t *pool)
{
    return apr_pstrcat(pool, mcpr_sha256_hex(repository, strlen(repository), pool), "\n", NULL);
}

/* Non-zero when there is a seal, and for a given `repository`, when it is the right one. */
static int is_sealed(const char *folder, const char *repository, apr_pool_t *pool)
{
    char text[SEAL_BYTES + 2] = "";
    int fd = open(join(folder, SEAL, pool), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    ssize_t len = fd >= 0 ? read(fd, text, SEAL_BYTES + 1) : -1;

    if (fd >= 0) {
        close(fd);
    }
    return len == SEAL_BYTES && (!repository || strcmp(text, seal_text(repository, pool)) == 0);
}

static apr_status_t tidy(const char *folder, const char *repository, int *is_whole, apr_pool_t *pool)
{
    *is_whole = is_sealed(folder, repository, pool) && tidy_packs(folder, pool);
    if (!*is_whole) {
        return mcpr_git_cache_empty(folder);
    }
    (void)unlink(join(folder, MCPR_GIT_CACHE_REF ".lock", pool));
    return APR_SUCCESS;
}

apr_status_t mcpr_git_cache_seal(const char *folder, const char *repository, apr_pool_t *pool)
{
    const char *text = seal_text(repository, pool);
    int fd = open(join(folder, SEAL, pool), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    int is_written = fd >= 0 && write(fd, text, SEAL_BYTES) == SEAL_BYTES;

    if (fd >= 0) {
        close(fd);
    }
    return is_written ? APR_SUCCESS : APR_FROM_OS_ERROR(errno);
}

/* --- the lock */

/* APR_EAGAIN: it was removed while we waited for it. */
static apr_status_t lock_once(const char *folder, int how, int *lock)
{
    struct stat is;

    *lock = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (*lock < 0) {
        return errno == ENOENT ? APR_EAGAIN : APR_FROM_OS_ERROR(errno);
    }
    if (flock(*lock, how) == 0 && fstat(*lock, &is) == 0) {
        if (is.st_nlink > 0) {
            return APR_SUCCESS;
        }
        errno = EAGAIN;
    }
    close(*lock);
    return APR_FROM_OS_ERROR(errno);
}

apr_status_t mcpr_git_cache_enter(const char *folder, const char *repository, int *lock, int *is_whole,
                                  apr_pool_t *pool)
{
    apr_status_t status;

    do {
        if (mkdir(folder, 0700) != 0 && errno != EEXIST) {
            return APR_FROM_OS_ERROR(errno);
        }
        status = lock_once(folder, LOCK_EX, lock);
    } while (APR_STATUS_IS_EAGAIN(status));
    if (status == APR_SUCCESS) {
        status = tidy(folder, repository, is_whole, pool);
        if (status != APR_SUCCESS) {
            close(*lock);
        }
    }
    return status;
}

/* --- at the start */

static apr_status_t sweep_one(const char *folder, int is_wanted, apr_pool_t *pool)
{
    int lock, is_whole;
    apr_status_t status = lock_once(folder, LOCK_EX | LOCK_NB, &lock);

    if (status != APR_SUCCESS) {
        return APR_STATUS_IS_EAGAIN(status) ? APR_SUCCESS : status;
    }
    status = is_wanted ? tidy(folder, NULL, &is_whole, pool) : mcpr_git_cache_empty(folder);
    if (status == APR_SUCCESS && !is_wanted && rmdir(folder) != 0) {
        status = APR_FROM_OS_ERROR(errno);
    }
    close(lock);
    return status;
}

apr_status_t mcpr_git_cache_sweep(const char *state_dir, const apr_array_header_t *names, apr_pool_t *pool)
{
    const char *above, *all = caches(state_dir, &above, pool);
    apr_hash_t *wanted = apr_hash_make(pool);
    apr_status_t status, result = APR_SUCCESS;
    const char *error;
    apr_dir_t *dir;
    apr_finfo_t file;

    for (int i = 0; i < names->nelts; i++) {
        apr_hash_set(wanted, mcpr_source_file_name(APR_ARRAY_IDX(names, i, const char *), pool),
                     APR_HASH_KEY_STRING, "");
    }
    /* The temporary folder is everybody's: what somebody else put there, a link for one, is not ours to
     * sweep. */
    if ((!state_dir && check_folder(above, &error, pool) != APR_SUCCESS) ||
        check_folder(all, &error, pool) != APR_SUCCESS || apr_dir_open(&dir, all, pool) != APR_SUCCESS) {
        return APR_SUCCESS; /* no git source yet, or none that may have a cache there */
    }
    while (apr_dir_read(&file, APR_FINFO_DIRENT, dir) == APR_SUCCESS) {
        if (file.name[0] == '.') {
            continue;
        }
        status = sweep_one(join(all, file.name, pool),
                           apr_hash_get(wanted, file.name, APR_HASH_KEY_STRING) != NULL, pool);
        result = status == APR_SUCCESS ? result : status;
    }
    apr_dir_close(dir);
    return result;
}
