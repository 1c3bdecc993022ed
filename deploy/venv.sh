#!/bin/sh
# Makes .venv and installs the given requirement files into it; quick when nothing has changed.
set -eu
CDPATH='' cd -- "$(dirname -- "$0")/.."

say() { printf '%s\n' "$*" >&2; }
fail() { say "$@"; exit 1; }

# Two terminals may start at once: the second waits for the first.
if command -v flock >/dev/null; then
    exec 9<deploy/venv.sh
    flock 9
fi

# In the background, since a shell acts on a signal only once its foreground command has ended;
# in a group of its own, since venv and pip start helpers that would live on.
child=''
group() {
    setsid "$@" &
    child=$!
    wait "$child"
}
trap '[ -z "$child" ] || kill -TERM "-$child" 2>/dev/null; wait; exit 130' INT TERM HUP

# pip answers only where the Python behind .venv still exists and is the one it was made with.
usable() { .venv/bin/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

# The stamp holds the hashes of all that is installed. It is gone while pip works,
# so a .venv without it was interrupted: pip would take half a package for a whole one.
stamp=.venv/installed
export TMPDIR="$PWD/.venv" # what an interrupted pip leaves behind goes with the .venv
wanted=$(sha256sum "$@")

if [ -e "$stamp" ] && usable; then
    printf '%s\n' "$wanted" | grep -qvxFf "$stamp" || exit 0
else
    [ ! -e .venv ] || say "Die Umgebung .venv ist unvollständig und wird neu angelegt."
    rm -rf .venv
    python='' old='' bare=''
    for candidate in python3.13 python3.12 python3.11 python3; do
        version=$("$candidate" -c 'import platform; print(platform.python_version())' 2>/dev/null) || continue
        if ! "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
            old=$version
        elif ! "$candidate" -c 'import ensurepip, venv' 2>/dev/null; then
            bare=${bare:-$version}
        else
            python=$candidate
            break
        fi
    done
    if [ -z "$python" ]; then
        [ -z "$bare" ] || fail "Dem Python $bare fehlt das Modul venv. Abhilfe: apt install python3-venv"
        [ -z "$old" ] || fail "Koordinaten braucht Python 3.11 oder neuer, gefunden wurde nur $old. Abhilfe unter Debian 12: apt install python3-venv"
        fail "Kein Python gefunden. Abhilfe: apt install python3-venv"
    fi
    mkdir .venv
    group "$python" -m venv .venv
fi

say "Die Pakete werden installiert; beim ersten Mal kann das eine Minute dauern."
before=$(cat "$stamp" 2>/dev/null || :)
rm -f "$stamp"
for file; do
    set -- "$@" -r "$file"
    shift
done

if ! group .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps "$@" >.venv/pip.log 2>&1; then
    if grep -Eq 'connection broken|Connection(Error| refused| reset)|timed out|MaxRetryError|ProxyError' .venv/pip.log; then
        printf '%s\n' "$before" >"$stamp"  # pip fetches everything before it changes anything
        fail "Die Pakete lassen sich nicht laden: keine Verbindung zu pypi.org. Bitte Netz oder Proxy prüfen und denselben Befehl wiederholen."
    fi
    cat .venv/pip.log >&2
    fail "Die Pakete ließen sich nicht installieren; der Grund steht darüber. Danach denselben Befehl wiederholen."
fi
printf '%s\n' "$wanted" >"$stamp"
