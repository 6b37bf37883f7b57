# What run, test and .ci/run share: finding the SDK, installing what is missing, building.
# Sourced by bash, with $root set.

say() { printf '%s\n' "$*" >&2; }

fail() { say "$@"; exit 1; }

# Where a package manager may be used: as root, or by sudo without a password.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

may_install() {
  [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }
}

# Installs Debian packages, with the package lists brought up to date only when that is needed. Their set-up needs the
# administrator's programs, which an ordinary PATH lacks.
apt_install() {
  local wait=DPkg::Lock::Timeout=300
  local install=(env DEBIAN_FRONTEND=noninteractive PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
    apt-get -qq -y --no-install-recommends -o "$wait" install "$@")
  as_root "${install[@]}" >/dev/null 2>&1 ||
    { as_root apt-get -qq -o "$wait" update >/dev/null && as_root "${install[@]}" >/dev/null; }
}

# The SDK and NuGet keep files in the home folder; where there is none to write to, a folder of this user's serves.
prepare_home() {
  if [ -z "${HOME:-}" ] || [ ! -d "$HOME" ] || [ ! -w "$HOME" ]; then
    HOME="${TMPDIR:-/tmp}/backoffice-home-$(id -u)"
    (umask 077 && mkdir -p "$HOME")
    [ -O "$HOME" ] || { say "$HOME is not yours. Set HOME to a folder of yours and try again."; return 1; }
    export HOME
  fi
  export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en
  export DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
}

find_dotnet() {
  command -v dotnet >/dev/null && return
  local folder
  for folder in "${DOTNET_ROOT:-}" "$HOME/.dotnet" /usr/share/dotnet /usr/lib/dotnet /usr/local/share/dotnet; do
    if [ -n "$folder" ] && [ -x "$folder/dotnet" ]; then
      export DOTNET_ROOT="$folder" PATH="$folder:$PATH"
      return
    fi
  done
  say "The .NET 10 SDK is missing. Install it (https://dotnet.microsoft.com/download/dotnet/10.0) and try again."
  return 1
}

# Whether the machine has what is needed: a library that .NET loads on Linux (or ends at once), or a program.
has() {
  case $1 in
    icu) [ -n "${DOTNET_SYSTEM_GLOBALIZATION_INVARIANT:-}" ] || has_library libicuuc ;;
    openssl) has_library libssl ;;
    postgres) has_postgres ;;
    fonts) has_fonts ;;
    *) command -v "$1" >/dev/null ;;
  esac
}

has_library() {
  [ "$(uname -s)" = Linux ] || return 0
  local library
  for library in /usr/lib/*/"$1".so.* /usr/lib/"$1".so.* /usr/lib64/"$1".so.* /lib/*/"$1".so.* \
    /lib/"$1".so.*; do
    [ ! -e "$library" ] || return 0
  done
  return 1
}

# Programs of PostgreSQL 15 or newer. The program looks in the same places, and in some more.
has_postgres() {
  local initdb
  for initdb in "$(command -v initdb || true)" /usr/lib/postgresql/*/bin/initdb /usr/pgsql-*/bin/initdb \
    /usr/libexec/postgresql*/initdb /opt/homebrew/opt/postgresql*/bin/initdb /usr/local/opt/postgresql*/bin/initdb \
    /home/linuxbrew/.linuxbrew/opt/postgresql*/bin/initdb /Applications/Postgres.app/Contents/Versions/*/bin/initdb; do
    if [ -x "$initdb" ] && [ "$("$initdb" --version | sed -E 's/^[^0-9]*([0-9]+).*/\1/')" -ge 15 ]; then return 0; fi
  done
  return 1
}

# A font with the letters of payslips in all their languages. The program looks in the same places.
has_fonts() {
  local folder
  for folder in /usr/share/fonts /usr/local/share/fonts /Library/Fonts "$HOME/Library/Fonts" "$HOME/.fonts" \
    "$HOME/.local/share/fonts"; do
    [ ! -d "$folder" ] ||
      [ -z "$(find "$folder" \( -name DejaVuSans.ttf -o -name LiberationSans-Regular.ttf \) -print 2>/dev/null)" ] ||
      return 0
  done
  [ "$(uname -s)" = Darwin ]
}

# Installs a need that most can do without, where it may; else says what is missing. It is tried once.
ensure_if_possible() {
  has "$1" || [ -e "$root/.build/$1.tried" ] || (ensure "$1") || say "Without it: $2"
  touch "$root/.build/$1.tried"
}

package_manager() {
  if command -v brew >/dev/null && [ "$(id -u)" != 0 ]; then echo brew; return; fi
  local each
  for each in apt-get dnf apk; do
    if command -v "$each" >/dev/null; then echo "$each"; return; fi
  done
}

# The package of a need. On Debian the name of ICU's has its version in it, and the certificates bring OpenSSL.
package_of() {
  case "$1 $2" in
    'apt-get icu') echo '^libicu[0-9]+$' ;;
    'apt-get openssl') echo ca-certificates ;;
    'dnf icu') echo libicu ;;
    'dnf openssl') echo openssl-libs ;;
    'apk icu') echo icu-libs ;;
    'apk openssl') echo libssl3 ;;
    'brew postgres') echo postgresql@17 ;;
    'apt-get fonts') echo fonts-dejavu-core ;;
    'dnf fonts') echo dejavu-sans-fonts ;;
    *' fonts') echo font-dejavu ;;
    *' pgbench') echo postgresql-contrib ;;
    'dnf postgres') echo postgresql-server ;;
    *' postgres') echo postgresql ;;
    *) echo "$2" ;;
  esac
}

name_of() {
  case $1 in
    icu) echo "the library ICU" ;;
    openssl) echo "the library OpenSSL" ;;
    postgres) echo "PostgreSQL 15 or newer" ;;
    fonts) echo "the font DejaVu Sans" ;;
    *) echo "$1" ;;
  esac
}

# Installs what is missing of these needs, or ends with all that is to be done.
ensure() {
  local each manager names='' advice packages=()
  manager="$(package_manager)"
  for each in "$@"; do
    has "$each" && continue
    names="${names:+$names, }$(name_of "$each")"
    packages+=("$(package_of "$manager" "$each")")
  done
  [ -n "$names" ] || return 0
  case $manager in
    # The name that serves every version.
    apt-get) advice="As root: apt-get update && apt-get install -y ${packages[*]/#^libicu*/libicu-dev}" ;;
    dnf) advice="As root: dnf install ${packages[*]}" ;;
    apk) advice="As root: apk add ${packages[*]}" ;;
    brew) advice="Install it: brew install ${packages[*]}" ;;
    *) advice="Install it" ;;
  esac
  [ "$manager" = brew ] || may_install || fail "Missing here: $names. $advice"
  say "Installing what is missing: $names."
  install_packages "$manager" "${packages[@]}" || fail "Still missing: $names. $advice"
  has_all "$@" ||
    fail "The system's packages do not bring $names. PostgreSQL's own: https://www.postgresql.org/download/"
}

has_all() {
  local each
  for each in "$@"; do has "$each" || return 1; done
}

install_packages() {
  local manager="$1"
  shift
  case $manager in
    apt-get) install_on_debian "$@" ;;
    dnf) as_root dnf -q -y install "$@" >/dev/null ;;
    apk) as_root apk add -q "$@" ;;
    brew) brew install -q "$@" >/dev/null ;;
    *) return 1 ;;
  esac
}

# PostgreSQL's package makes a server and starts it, unless it is told not to before it is installed: the programs are
# all that is needed.
install_on_debian() {
  local folder=/etc/postgresql-common/createcluster.d result=0
  as_root mkdir -p "$folder"
  echo 'create_main_cluster = false' | as_root tee "$folder/backoffice.conf" >/dev/null
  apt_install "$@" || result=$?
  as_root rm -f "$folder/backoffice.conf"
  return $result
}

# As root PostgreSQL runs as another user: the first folder from this one upwards that others cannot enter, if any.
closed_to_postgres() {
  [ "$(uname -s) $(id -u)" = "Linux 0" ] || return 0
  local each="$1/"
  while [[ "$each" == */* ]]; do
    each="${each%/*}"
    [ -z "$each" ] || [[ "$(stat -c %A "$each" 2>/dev/null)" == *[xt] ]] || { echo "$each"; return; }
  done
}

# Runs a command alone: a second one that starts meanwhile waits, and then finds the work done.
alone() {
  mkdir -p "$root/.build"
  if command -v flock >/dev/null; then
    (exec 9>"$root/.build/lock" && flock 9 && "$@" 9>&-)
  else
    "$@"
  fi
}

# Fails with the compiler's words only. No build server stays behind.
# One compiler serves all projects, and ends with the build: each with one of its own takes half as long again.
build() {
  local log id code=0
  log="$(mktemp)"
  id="backoffice-$$"
  dotnet build "$@" --nologo -v quiet -clp:NoSummary -nodeReuse:false -p:UseSharedCompilation=true \
    -p:SharedCompilationId="$id" >"$log" 2>&1 || code=1
  [ $code = 0 ] || sort -u "$log" | grep -E 'error|warn' >&2 || cat "$log" >&2
  rm -f "$log"
  for process in /proc/[0-9]*; do
    if tr '\0' ' ' 2>/dev/null <"$process/cmdline" | grep -q -- "VBCSCompiler.*-pipename:$id"; then
      kill "${process#/proc/}" 2>/dev/null || true
    fi
  done
  return $code
}
