"""Git repositories for tests: a bare one, written to without a work tree."""
import json
import os
import subprocess

from harness.catalog import document

ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "HOME": "/nonexistent",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "test",
    "GIT_AUTHOR_EMAIL": "test@example.com",
    "GIT_COMMITTER_NAME": "test",
    "GIT_COMMITTER_EMAIL": "test@example.com",
    "GIT_CONFIG_COUNT": "1",
    "GIT_CONFIG_KEY_0": "safe.directory",
    "GIT_CONFIG_VALUE_0": "*",
}


class Repository:
    def __init__(self, path):
        self.path = path
        subprocess.run(["git", "init", "-q", "--bare", "-b", "main", path], env=ENVIRONMENT, check=True)

    def output(self, *words, data=""):
        given = data if isinstance(data, bytes) else data.encode()
        done = subprocess.run(["git", "-C", self.path, *words], input=given, env=ENVIRONMENT, capture_output=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def git(self, *words, data=""):
        return self.output(*words, data=data).decode().strip()

    def pack(self):
        """All that the branches need, as it is sent."""
        return self.output("pack-objects", "--quiet", "--stdout", "--all", "--revs")

    def blob(self, content):
        """Stores servers, or a text or bytes as they are; its id."""
        data = content if isinstance(content, (str, bytes)) else json.dumps(document(content))
        return self.git("hash-object", "-w", "--stdin", data=data)

    def tree(self, **entries):
        """Stores a folder: name -> "MODE TYPE ID"; its id."""
        lines = "".join(f"{entry}\t{name}\n" for name, entry in entries.items())
        return self.git("mktree", "--missing", data=lines)

    def commit_tree(self, tree, branch="main", parent=True):
        """A commit on top of the branch, or in place of it; its id."""
        ref = f"refs/heads/{branch}"
        before = self.git("for-each-ref", "--format=%(objectname)", ref) if parent else ""
        made = self.git("commit-tree", tree, "-m", "test", *(["-p", before] if before else []))
        self.git("update-ref", ref, made)
        return made

    def commit(self, content, path="registry.json", mode="100644", **where):
        """A commit that holds one file; its id."""
        *folders, name = path.split("/")
        tree = self.tree(**{name: f"{mode} blob {self.blob(content)}"})
        for folder in reversed(folders):
            tree = self.tree(**{folder: f"040000 tree {tree}"})
        return self.commit_tree(tree, **where)

    def tag(self, name, commit="main", annotated=False):
        self.git("tag", "-f", *(["-a", "-m", name] if annotated else []), name, commit)

    def delete_branch(self, name):
        self.git("update-ref", "-d", f"refs/heads/{name}")
