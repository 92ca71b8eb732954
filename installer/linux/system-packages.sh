#!/usr/bin/env bash
# Installs the Debian packages that meti-desk needs, or says exactly which are missing.
# usage: system-packages.sh run [test]
set -u
run=(python3-venv make libglib2.0-0 libegl1 libgl1 libdbus-1-3 libfontconfig1 libxkbcommon-x11-0 libxcb-cursor0
     libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0
     libxcb-xinerama0 libxcb-xkb1 libseccomp2 fonts-noto-cjk)
test=(git xvfb xdotool libreoffice-writer libreoffice-calc libreoffice-impress libreoffice-draw bubblewrap qpdf p7zip-full poppler-utils
      mupdf-tools openssl softhsm2 opensc chromium postgresql)

command -v dpkg-query >/dev/null || exit 0 # not Debian: the README names what is needed
missing=()
for group in "$@"; do
    declare -n names="$group"
    for name in "${names[@]}"; do
        dpkg-query -W -f '${db:Status-Status}\n' "$name" 2>/dev/null | grep -qx installed || missing+=("$name")
    done
done
# An own Python brings its venv with it.
python3 -c 'import ensurepip' 2>/dev/null && missing=("${missing[@]/python3-venv/}")
wanted=()
for name in "${missing[@]}"; do [ -n "$name" ] && wanted+=("$name"); done
[ ${#wanted[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        as_root=(sudo -n)
    else
        echo "System packages are missing. Please run, and then repeat the command:" >&2
        echo "  sudo apt-get install --no-install-recommends ${wanted[*]}" >&2
        exit 1
    fi
fi
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq >/dev/null || true
"${as_root[@]}" apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null || {
    echo "These packages could not be installed: ${wanted[*]}" >&2
    exit 1
}
