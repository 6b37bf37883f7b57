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

# Installs Debian packages, with the package lists brought up to date only when that is needed.
apt_install() {
  local options=(-qq -y --no-install-recommends -o DPkg::Lock::Timeout=300)
  as_root env DEBIAN_FRONTEND=noninteractive apt-get "${options[@]}" install "$@" >/dev/null 2>&1 ||
    { as_root apt-get -qq -o DPkg::Lock::Timeout=300 update >/dev/null &&
      as_root env DEBIAN_FRONTEND=noninteractive apt-get "${options[@]}" install "$@" >/dev/null; }
}

# The SDK and NuGet keep files in the home folder; where there is none to write to, a folder of this user's serves.
prepare_home() {
  if [ -z "${HOME:-}" ] || [ ! -d "$HOME" ] || [ ! -w "$HOME" ]; then
    HOME="${TMPDIR:-/tmp}/backoffice-home-$(id -u)"
    (umask 077 && mkdir -p "$HOME")
    [ -O "$HOME" ] || fail "$HOME belongs to someone else. Set HOME to a folder of yours and try again."
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
  fail "The .NET 10 SDK is missing. Install it (https://dotnet.microsoft.com/download/dotnet/10.0) and try again."
}

# The runtime on Linux needs ICU, or its programs end at once.
ensure_icu() {
  [ "$(uname -s)" = Linux ] && [ -z "${DOTNET_SYSTEM_GLOBALIZATION_INVARIANT:-}" ] || return 0
  local library
  for library in /usr/lib/*/libicuuc.so.* /usr/lib/libicuuc.so.* /usr/lib64/libicuuc.so.* /lib/*/libicuuc.so.*; do
    [ -e "$library" ] && return 0
  done
  local advice="apt-get install libicu-dev (Debian, Ubuntu), dnf install libicu (Fedora), apk add icu-libs (Alpine)"
  may_install || fail "The library ICU is missing, which .NET needs. As root: $advice."
  say "Installing the library ICU, which .NET needs."
  if command -v apt-get >/dev/null; then
    apt_install "$(apt-cache search --names-only '^libicu[0-9]+$' | cut -d' ' -f1 | sort -V | tail -n1)" ||
      { as_root apt-get -qq update && apt_install libicu-dev; }
  elif command -v dnf >/dev/null; then as_root dnf -q -y install libicu
  elif command -v apk >/dev/null; then as_root apk add -q icu-libs
  fi || fail "The library ICU could not be installed. As root: $advice."
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

ensure_postgres() {
  has_postgres && return
  local advice="apt-get install postgresql (Debian, Ubuntu), dnf install postgresql-server (Fedora), \
apk add postgresql (Alpine), brew install postgresql@17 (macOS)"
  advice="$advice; or name a server of yours: ConnectionStrings__Ledger='Host=…;Username=…;Password=…;Database=ledger'"
  if command -v brew >/dev/null && [ "$(id -u)" != 0 ]; then
    say "Installing PostgreSQL with brew."
    brew install -q postgresql@17 >/dev/null || fail "PostgreSQL could not be installed: $advice."
    return
  fi
  may_install || fail "PostgreSQL 15 or newer is missing, and this user may not install it. As root: $advice."
  say "Installing PostgreSQL (its programs only: no server of the system's is set up or started)."
  if command -v apt-get >/dev/null; then install_debian_postgres
  elif command -v dnf >/dev/null; then as_root dnf -q -y install postgresql-server >/dev/null
  elif command -v apk >/dev/null; then as_root apk add -q postgresql
  else false
  fi || fail "PostgreSQL could not be installed. As root: $advice."
  has_postgres ||
    fail "The system's package is older than PostgreSQL 15. Newer ones: https://www.postgresql.org/download/"
}

# Debian's package makes a server and starts it, unless it is told not to before it is installed.
install_debian_postgres() {
  local folder=/etc/postgresql-common/createcluster.d
  as_root mkdir -p "$folder"
  echo 'create_main_cluster = false' | as_root tee "$folder/backoffice.conf" >/dev/null
  local result=0
  apt_install postgresql || result=$?
  as_root rm -f "$folder/backoffice.conf"
  return $result
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
build() {
  local log
  log="$(mktemp)"
  if ! dotnet build "$@" --nologo -v quiet -clp:NoSummary --disable-build-servers >"$log" 2>&1; then
    sort -u "$log" | grep -E 'error|warn' >&2 || cat "$log" >&2
    rm -f "$log"
    return 1
  fi
  rm -f "$log"
}
