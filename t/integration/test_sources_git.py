"""Git repositories as sources: paths, file://, and HTTP with git's own server. Whatever goes wrong with one, the last
good catalog stays."""
import glob
import json
import os
import subprocess

import pytest

from harness import document, wait_until
from harness.git_stack import CLONE, FAILED, ONE, THREE, TWO, await_names, cache, fails, look, message, repository, site, synced  # noqa: F401 (fixtures)
from harness.keeping import fails as kept_failing


NO_FILE = FAILED + "failed to get file {0} from repository: failed to get file {0}: file not found"


# --- what is read


@pytest.mark.parametrize("form", ["{}", "file://{}", "file://localhost{}"])
def test_a_local_repository(synced, repository, form):
    one = synced(repository=form.format(repository.path))
    await_names(one, "com.example.a/one", "com.example.a/two")
    repository.commit([ONE, THREE])
    assert look(one) == "changed"
    await_names(one, "com.example.a/one", "com.example.a/xyz")


def test_a_repository_with_a_work_tree(synced, repository, folder):
    clone = repository.path[:-4]
    subprocess.run(["git", "clone", "-q", repository.path, clone], check=True)
    one = synced(repository=clone)
    await_names(one, "com.example.a/one", "com.example.a/two")


def where(repository, site, how):
    return repository.path if how == "local" else site().url("git/catalog.git")


@pytest.mark.parametrize("how", ["local", "http"])
@pytest.mark.parametrize("kind", ["branch", "tag", "annotated tag", "tip", "commit"])
def test_what_is_asked_for(synced, repository, site, how, kind):
    """The default branch holds something else each time."""
    wanted = repository.commit([THREE], branch="feature/x")
    repository.tag("v1", wanted)
    repository.tag("v2", wanted, annotated=True)
    if kind == "commit":
        repository.commit([ONE], branch="feature/x")
        repository.git("tag", "-d", "v1")
        repository.git("tag", "-d", "v2")
    asked = {"branch": {"branch": "feature/x"}, "tag": {"tag": "v1"}, "annotated tag": {"tag": "v2"}}
    one = synced(repository=where(repository, site, how), **asked.get(kind, {"commit": wanted}))
    await_names(one, "com.example.a/xyz")
    repository.commit([TWO])
    assert look(one) == "unchanged"


def test_a_commit_by_its_id_alone(synced, repository, site):
    """On no branch; the server allows it to be asked for."""
    wanted = repository.commit([THREE], branch="gone")
    repository.delete_branch("gone")
    repository.git("config", "uploadpack.allowAnySHA1InWant", "true")
    one = synced(repository=site().url("git/catalog.git"), commit=wanted)
    await_names(one, "com.example.a/xyz")
    assert look(one) == "unchanged"


def test_a_path_in_a_folder(synced, repository):
    repository.commit([THREE], path="a/b/feed.json")
    one = synced(repository=repository.path, path="a/b/feed.json")
    await_names(one, "com.example.a/xyz")


# --- what is transferred


def test_over_http(synced, repository, site):
    served = site()
    one = synced(repository=served.url("git/catalog.git"))
    await_names(one, "com.example.a/one", "com.example.a/two")
    assert os.stat(os.path.dirname(cache(one))).st_mode & 0o777 == 0o700
    # Nothing new: the references are looked at, nothing is downloaded.
    asked = len(served.requests())
    assert look(one) == "unchanged"
    assert [(m, s) for _, m, _, s in served.requests()[asked:]] == [("GET", "200")]
    repository.commit([ONE, THREE])
    assert look(one) == "changed"
    await_names(one, "com.example.a/one", "com.example.a/xyz")


def test_only_new_objects_come(synced, repository, site):
    def with_noise(servers):
        return repository.tree(**{"noise": noise, "registry.json": f"100644 blob {repository.blob(servers)}"})

    noise = f"100644 blob {repository.blob(os.urandom(500_000).hex())}"
    repository.commit_tree(with_noise([ONE]))
    one = synced(repository=site().url("git/catalog.git"))
    repository.commit_tree(with_noise([TWO]))
    assert look(one) == "changed"
    await_names(one, "com.example.a/two")
    packs = sorted(os.path.getsize(p) for p in glob.glob(cache(one) + "/objects/pack/*.pack"))
    assert len(packs) == 2 and packs[0] < 10_000 < packs[1]


def test_a_commit_that_leaves_the_file_alone(synced, repository, site):
    served = site()
    one = synced(repository=served.url("git/catalog.git"))
    repository.commit_tree(repository.git("rev-parse", "main^{tree}"))
    asked = len(served.requests())
    assert look(one) == "unchanged"
    assert "POST" in [m for _, m, _, _ in served.requests()[asked:]]


@pytest.mark.parametrize("how", ["local", "http"])
def test_a_force_push(synced, repository, site, how):
    one = synced(repository=where(repository, site, how))
    repository.commit([THREE], parent=False)
    assert look(one) == "changed"
    await_names(one, "com.example.a/xyz")


def test_more_files_than_anybody_checks_out(synced, repository, site):
    """Their number is no bound: the file is read, nothing is checked out."""
    feed = json.dumps(document([THREE]))
    commands = ["commit refs/heads/main\ncommitter t <t@example.com> 0 +0000\ndata 1\nx\n"]
    commands.append(f"M 100644 inline registry.json\ndata {len(feed)}\n{feed}\n")
    commands += [f"M 100644 inline many/{i % 100}/{i}\ndata {len(str(i))}\n{i}\n" for i in range(10_500)]
    repository.git("fast-import", "--quiet", "--force", data="".join(commands))
    one = synced(repository=site().url("git/catalog.git"))
    await_names(one, "com.example.a/xyz")


# --- what is not there


@pytest.mark.parametrize("how", ["local", "http"])
def test_a_tag_that_moves_and_goes(synced, repository, site, how):
    """It is followed, with what it holds of the path; without it the source fails, and heals when it is back."""
    repository.tag("v1")
    one = synced(repository=where(repository, site, how), tag="v1")
    repository.tag("v1", repository.commit([THREE], branch="next"))
    assert look(one) == "changed"
    await_names(one, "com.example.a/xyz")
    repository.tag("v1", repository.commit([ONE], branch="next"), annotated=True)
    assert look(one) == "changed"
    await_names(one, "com.example.a/one")
    repository.tag("v1", repository.commit([TWO], path="another.json", branch="next"))
    assert kept_failing(one) == NO_FILE.format("registry.json")
    repository.git("tag", "-d", "v1")
    assert kept_failing(one) == CLONE + 'failed to clone repository: couldn\'t find remote ref "refs/tags/v1"'
    repository.tag("v1", repository.commit([TWO], branch="next"))
    assert look(one) == "changed"
    await_names(one, "com.example.a/two")


@pytest.mark.parametrize("how", ["local", "http"])
def test_a_path_that_goes(synced, repository, site, how):
    repository.commit([THREE], path="a/feed.json")
    one = synced(repository=where(repository, site, how), path="a/feed.json")
    repository.commit([ONE])
    assert kept_failing(one) == NO_FILE.format("a/feed.json")
    repository.commit([ONE], path="a/feed.json")
    assert look(one) == "changed"
    await_names(one, "com.example.a/one")


@pytest.mark.parametrize("how", ["local", "http"])
def test_a_branch_that_is_deleted(synced, repository, site, how):
    repository.commit([THREE], branch="next")
    one = synced(repository=where(repository, site, how), branch="next")
    repository.delete_branch("next")
    fails(one, CLONE + 'failed to clone repository: couldn\'t find remote ref "refs/heads/next"')
    repository.commit([ONE], branch="next")
    look(one)
    await_names(one, "com.example.a/one")


@pytest.mark.parametrize("how", ["local", "http"])
@pytest.mark.parametrize(
    "asked, text",
    [
        ({"tag": "v9"}, 'failed to clone repository: couldn\'t find remote ref "refs/tags/v9"'),
        ({"branch": "a..b"}, 'failed to clone repository: couldn\'t find remote ref "refs/heads/a..b"'),
        ({"commit": "0123456"}, "failed to checkout commit 0123456: object not found"),
        ({"commit": "01234567" * 5}, f"failed to checkout commit {'01234567' * 5}: object not found"),
    ],
)
def test_what_is_unknown(synced, repository, site, how, asked, text):
    one = synced(await_it=False, repository=where(repository, site, how), **asked)
    wait_until(lambda: message(one) == CLONE + text, "it fails")


@pytest.mark.parametrize("how", ["local", "http"])
def test_a_commit_that_a_force_push_took_away(synced, repository, site, how):
    wanted = repository.git("rev-parse", "main")
    repository.commit([TWO])
    one = synced(repository=where(repository, site, how), commit=wanted)
    repository.commit([THREE], parent=False)
    fails(one, CLONE + f"failed to checkout commit {wanted}: object not found")


@pytest.mark.parametrize("path", ["none.json", "/registry.json", "./registry.json", "Registry.json", "a", "a/../registry.json"])
def test_a_path_that_is_no_file(synced, repository, path):
    folder = repository.git("rev-parse", "main^{tree}")
    file = f"100644 blob {repository.blob([ONE])}"
    repository.commit_tree(repository.tree(**{"a": f"040000 tree {folder}", "registry.json": file}))
    one = synced(await_it=False, repository=repository.path, path=path)
    wait_until(lambda: message(one) == NO_FILE.format(path), "it fails")


def test_entries_that_are_no_files(synced, repository):
    one = synced(repository=repository.path)
    repository.commit_tree(repository.tree(**{"registry.json": "160000 commit " + "01234567" * 5}))
    fails(one, NO_FILE.format("registry.json"))
    # A symbolic link yields its target as text, which is no JSON.
    repository.commit("/etc/passwd", mode="120000")
    fails(one, "Fetch failed: registry data validation failed: ")
    assert "passwd" not in message(one)


@pytest.mark.parametrize("how", ["local", "http"])
def test_an_empty_repository(synced, repository, site, how):
    repository.delete_branch("main")
    one = synced(await_it=False, repository=where(repository, site, how))
    wait_until(lambda: message(one) == CLONE + "failed to clone repository: remote repository is empty", "it fails")


def test_no_repository(synced, repository, site):
    served = site()
    one = synced(repository=served.url("git/catalog.git"))
    os.rename(repository.path, repository.path + ".away")
    fails(one, CLONE + "failed to clone repository: repository not found: HTTP 404")
    os.rename(repository.path + ".away", repository.path)
    assert look(one) == "unchanged"


def test_two_references_at_once(synced, repository):
    one = synced(await_it=False, repository=repository.path, branch="main", tag="v1")
    text = "Registry validation failed: only one of branch, tag, or commit may be specified"
    wait_until(lambda: message(one) == text, "it fails")


def test_a_scheme_that_nobody_knows(synced):
    one = synced(await_it=False, repository="ftp://reader:hidden@example.com/x")
    wait_until(lambda: 'unsupported scheme "ftp"' in message(one), "it fails")


def test_a_broken_document(synced, repository):
    one = synced(repository=repository.path)
    repository.commit("{")
    fails(one, "Fetch failed: registry data validation failed: ")


# --- bounds


def test_a_file_that_is_too_large(synced, repository, stack):
    sources = [{"name": "src", "git": {"repository": repository.path}, "syncPolicy": {"interval": "1h"}}]
    one = stack({}, sources=sources, registries={"default": ["src"]}, limits={"documentBytes": 2000}).start()
    one.syncd.await_synced("src")
    repository.commit("x" * 2001)
    fails(one, FAILED + "failed to get file registry.json from repository: failed to get file registry.json: response size 2001 bytes exceeds")
