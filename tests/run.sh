#!/bin/sh
# The whole suite: SQLite, PostgreSQL, and a browser on both; a part that fails does not stop the others.
# --fast leaves out what is slow, needs a browser or PostgreSQL.
# REQUIRE_ALL=1 makes a missing PostgreSQL or browser a failure.
set -u
CDPATH='' cd -- "$(dirname -- "$0")/.." || exit 1

# The suite is about the code, not about the settings of whoever runs it; kept bytecode saves it ten seconds.
unset PYTHONDONTWRITEBYTECODE BASE_URL CACHE_URL DATABASE_URL DEBUG DEMO EMAIL_URL PORT STAFF_SECOND_FACTOR STATIC_ROOT TRUSTED_PROXIES WEB_CONCURRENCY
export SECRET_KEY=for-tests-only
mkdir -p var/static # WhiteNoise warns where there is none, and warnings are errors

failed=0
summary=''
note() {
    summary="$summary$(printf '%-21s %s' "$1" "$2")
"
}
missing() {
    if [ "${REQUIRE_ALL:-}" = 1 ]; then
        failed=1
        note "$1" "FAILED: $2"
    else
        note "$1" "did not run: $2"
    fi
}
part() {
    name=$1
    shift
    printf '\n== %s\n' "$name"
    started=$(date +%s)
    if .venv/bin/python -m pytest "$@"; then
        result=passed
    else
        result=FAILED
        failed=1
    fi
    note "$name" "$result ($(($(date +%s) - started)) s)"
}
database() {
    part "$1" -n 2 -m "not browser"
    if [ -z "$lacking" ]; then
        part "$1, browser" -m browser
    else
        missing "$1, browser" "$lacking"
    fi
}

if [ "${1:-}" = --fast ]; then
    part "SQLite, fast" -n 2 -m "not browser and not slow"
    exit "$failed"
fi

browser=''
for candidate in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
    [ -n "$browser" ] || browser=$(command -v "${candidate:-/nowhere}")
done
export CHROMIUM="$browser"
lacking=''
[ -n "$browser" ] || lacking="no Chromium found (apt install chromium, or set CHROMIUM)"
.venv/bin/python -m playwright --version >/dev/null || lacking="Playwright does not start (apt install libatomic1)"

database SQLite

postgres=${TEST_DATABASE_URL:-postgres://postgres@127.0.0.1:5432/postgres}
if .venv/bin/python -c 'import sys, psycopg; psycopg.connect(sys.argv[1], connect_timeout=2)' "$postgres" 2>/dev/null; then
    export DATABASE_URL="$postgres"
    database PostgreSQL
else
    # Named on purpose and yet away is a failure, too.
    [ -z "${TEST_DATABASE_URL:-}" ] || REQUIRE_ALL=1
    missing PostgreSQL "none answers (set TEST_DATABASE_URL)"
fi

printf '\n== Summary\n%s' "$summary"
exit "$failed"
