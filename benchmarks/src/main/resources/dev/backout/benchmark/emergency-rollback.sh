#!/usr/bin/env bash
# The harvester's emergency rollback by hand, with the care that Backout takes: the newest backup that passes its check, nothing half written, everything synced
# before it counts, the process known by its pid, the result proven. Usage: emergency-rollback.sh HOME BASE_URL
set -euo pipefail
home=$1 base_url=$2
cd "$home"

# A backup: the newest that is whole.
backup=
while IFS= read -r candidate; do
  if [ "$(sqlite3 "file:$candidate?immutable=1" 'pragma quick_check' 2>/dev/null)" = ok ]; then backup=$candidate; break; fi
done < <(ls -t "$home"/backups/*.db)
[ -n "$backup" ] || { echo "no good backup under $home/backups" >&2; exit 1; }
wanted=$(sha256sum < "$backup")

# Stop.
pid=$(cat var/api.pid)
kill -TERM "$pid"
for _ in $(seq 500); do
  state=$(sed -n 's/^State:\t\(.\).*/\1/p' "/proc/$pid/status" 2>/dev/null || true)
  if [ -z "$state" ] || [ "$state" = Z ]; then break; fi
  sleep 0.02
done
[ -z "$state" ] || [ "$state" = Z ] || { echo "process $pid does not stop" >&2; exit 1; }

# Configure.
cp -p .env .env.before
{ grep -v -e '^DATABASE_URL=' -e '^HARVEST_DB_PATH=' .env; echo 'HARVEST_DB_PATH=var/app.db'; } > .env.new
chmod --reference=.env .env.new
sync .env.new
mv .env.new .env
cp -p config/settings.yaml config/settings.yaml.before
sed 's|url: postgresql:.*|url: sqlite:///var/app.db|' config/settings.yaml > config/settings.yaml.new
chmod --reference=config/settings.yaml config/settings.yaml.new
sync config/settings.yaml.new
mv config/settings.yaml.new config/settings.yaml
sync . config

# Restore.
if [ -e var/app.db ]; then
  sqlite3 var/app.db 'pragma wal_checkpoint(truncate)' > /dev/null
  mv var/app.db var/app.db.before
  rm -f var/app.db-wal var/app.db-shm
fi
cp "$backup" var/app.db.new
sync var/app.db.new
[ "$(sha256sum < var/app.db.new)" = "$wanted" ] || { echo "the copy differs from the backup" >&2; exit 1; }
mv var/app.db.new var/app.db
sync var

# Start.
setsid bin/harvest api >> logs/start.log 2>&1 < /dev/null &
for _ in $(seq 500); do
  if answer=$(curl -fsS "$base_url/health" 2>/dev/null); then break; fi
  sleep 0.02
done
[[ ${answer:-} == *'"status":"ok"'* ]] || { echo "the service is not healthy: ${answer:-no answer}" >&2; exit 1; }
