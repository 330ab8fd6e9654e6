# What runs from a checkout, and is not installed.
EXTRA_DIST += quickstart .ci/run tools/quickstart/README.md tools/quickstart/lib.sh tools/quickstart/account.sh \
	tools/quickstart/packages.sh tools/quickstart/build.sh tools/quickstart/postgres.sh \
	tools/quickstart/config.sh tools/quickstart/config.py tools/quickstart/daemon.sh tools/quickstart/httpd.sh \
	tools/quickstart/report.sh tools/quickstart/catalog.py tools/quickstart/suite.sh
