"""An authority of the tests' own, and what it certifies."""
import itertools
import os
import subprocess

LOOPBACK = "DNS:localhost,IP:127.0.0.1"
KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]


def openssl(*words):
    subprocess.run(["openssl", *words], check=True, capture_output=True)


class Authority:
    """Keeps its files in `folder`, which others may read. `certificate` is what trusts it."""

    numbers = itertools.count(1)

    def __init__(self, folder):
        self.stem = os.path.join(folder, f"authority-{next(self.numbers)}")
        self.certificate, self.key = self.stem + ".pem", self.stem + ".key"
        # A name for each: two authorities of one name are one to whoever looks for an issuer.
        subject = f"/CN={os.path.basename(self.stem)}"
        openssl("req", "-x509", *KEY, "-days", "2", "-subj", subject, "-keyout", self.key, "-out", self.certificate)
        os.chmod(self.certificate, 0o644)

    def issue(self, names=LOOPBACK, days=2):
        """A certificate for a server, and its key: two paths. Negative days have passed already."""
        stem = f"{self.stem}-{next(self.numbers)}"
        certificate, key, request = stem + ".pem", stem + ".key", stem + ".csr"
        openssl("req", *KEY, "-subj", "/CN=server", "-addext", f"subjectAltName={names}", "-keyout", key, "-out", request)
        signing = ["-CA", self.certificate, "-CAkey", self.key, "-CAcreateserial", "-days", str(days)]
        openssl("x509", "-req", "-in", request, *signing, "-copy_extensions", "copy", "-out", certificate)
        os.chmod(key, 0o644)
        return certificate, key
