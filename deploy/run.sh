#!/bin/sh
# Starts the demo board: database, demo data, then web server and mail sender, which end together.
set -eu
CDPATH='' cd -- "$(dirname -- "$0")/.."

export DEMO="${DEMO:-1}" PORT="${PORT:-8000}"
python=.venv/bin/python
children=''

say() { printf '%s\n' "$*" >&2; }

end() {
    trap '' INT TERM HUP
    for child in $children; do
        kill "$child" 2>/dev/null || :
    done
    wait
    exit "$1"
}
trap 'end 130' INT TERM HUP

# In the background, since a shell acts on a signal only once its foreground command has ended.
step() {
    "$@" &
    children=$!
    wait "$children" || { say "Abgebrochen: »$*« ist gescheitert, der Grund steht darüber."; exit 1; }
    children=''
}

# Asked before anything else, so that nobody waits for an answer that is known already.
"$python" - "$PORT" <<'PYTHON' || exit 1
import errno, socket, sys

port = sys.argv[1]
try:
    if int(port) < 1:
        raise ValueError
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", int(port)))
except (ValueError, OverflowError):
    sys.exit(f"PORT={port} ist keine Portnummer. Zum Beispiel: PORT=8001 make run")
except OSError as error:
    reason = "ist schon belegt" if error.errno == errno.EADDRINUSE else "ist nicht erlaubt"
    sys.exit(f"Port {port} {reason}. Ein anderer geht so: PORT={int(port) + 1 if 1024 <= int(port) < 65535 else 8001} make run")
PYTHON

# Ten seconds and a page of traceback otherwise, as the pool keeps trying.
[ -z "${DATABASE_URL:-}" ] || "$python" - <<'PYTHON' || exit 1
import os, sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobboard.settings")
from django.db import DatabaseError, connection

connection.settings_dict["OPTIONS"].pop("pool", None)
try:
    connection.ensure_connection()
except DatabaseError as error:
    sys.exit(f"Die Datenbank in DATABASE_URL antwortet nicht: {str(error).strip()}")
PYTHON

mkdir -p var
step "$python" manage.py migrate --verbosity 0
step "$python" manage.py load_reference
step "$python" manage.py demo

# collectstatic compresses everything anew, which takes longer than the rest of a start.
sources=$(find jobboard profiles listings -path '*/static/*' -type f -exec sha256sum {} + |
    sort | cat - requirements.txt jobboard/settings.py | sha256sum)
static=${STATIC_ROOT:-var/static}
if [ ! -e "$static/staticfiles.json" ] || [ "$sources" != "$(cat var/static.stamp 2>/dev/null)" ]; then
    step "$python" manage.py collectstatic --no-input --verbosity 0
    printf '%s\n' "$sources" >var/static.stamp
fi

# Threads, as browsers open connections in advance, and each would hold a plain worker until it times out.
"$python" -m gunicorn jobboard.wsgi:application --bind "127.0.0.1:$PORT" --workers 2 --threads 4 \
    --graceful-timeout 5 --log-level warning --no-control-socket &
web=$!
"$python" manage.py send_mail --every 5 &
mail=$!
children="$web $mail"
trap 'end 0' INT TERM HUP

answers() {
    "$python" - "$PORT" <<'PYTHON' 2>/dev/null
import http.client, sys

board = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=5)
board.request("GET", "/gesund/")
sys.exit(board.getresponse().status >= 500)
PYTHON
}

greeted=''
while kill -0 "$web" 2>/dev/null && kill -0 "$mail" 2>/dev/null; do
    if [ -z "$greeted" ] && answers; then
        "$python" manage.py demo --hello
        greeted=1
    fi
    sleep 1 &
    wait $!
done
if kill -0 "$web" 2>/dev/null; then
    say "Der Mailversand ist beendet, deshalb endet auch der Webserver."
else
    say "Der Webserver ist beendet, deshalb endet auch der Mailversand."
fi
end 1
