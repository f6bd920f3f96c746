/**
 * Makes the served certificate due on the server's disk, and does what cron would do next. That a renewal happens can't be
 * seen from outside before it is due, in two months; so the look ahead is made inside. What decides is another
 * certificate of the lab's authority at the doors afterwards, and only that authority can make one.
 */
import type { Probes } from '../../../checker/probes/types.ts'
import type { Check } from '../../../checker/step.ts'
import { quote } from './say.ts'

/** Renewals that are under way, and when the last one ended, by the lab's seed. */
const underWay = new Map<string, { done: Promise<unknown>; endedAt: number }>()

/**
 * The check once more if it failed while services were being reloaded for a renewed certificate: connections that were
 * open at that moment break, which is nobody's mistake.
 */
export const undisturbed =
  (check: Check): Check =>
  async probes => {
    const began = Date.now()
    const disturbed = async () => {
      const renewal = underWay.get(probes.lab.seed)
      await renewal?.done
      return (renewal?.endedAt ?? 0) > began
    }
    try {
      const verdict = await check(probes)
      return verdict.status === 'fail' && (await disturbed()) ? await check(probes) : verdict
    } catch (error) {
      if (await disturbed()) return check(probes)
      throw error
    }
  }

export interface Renewal {
  /** The machine's jobs that have to do with certificates, as cron would run them: their lines or files. */
  jobs: string[]
  /** Whether the cron daemon runs. */
  cron: boolean
  /** Files in cron's folders that look meant, but are passed over for their name or because they aren't executable. */
  passedOver: string[]
  /** Whether the certificate was found on the disk with its key, so that it could be made due. */
  found: boolean
  /** What the jobs said, the end of it. */
  output: string
}

const RENEW_MS = 24_000

// The due certificate has the same names and key, so that a service that happens to start meanwhile serves TLS as before.
const SCRIPT = (serial: string, names: string) => `
export LC_ALL=C; umask 077; work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
about='certbot|acme|lego|dehydrated|uacme|getssl|letsencrypt|cert|renew'
pgrep -x cron >/dev/null && echo CRON
# The jobs: lines of crontabs, and files in the folders of run-parts.
for tab in /etc/crontab /etc/cron.d/* /var/spool/cron/crontabs/*; do
  [ -f "$tab" ] || continue
  case $tab in /var/*) user=$(basename "$tab") ;; *) user= ;; esac
  sed -nE 's/^[[:space:]]*(PATH=.*)/\\1/p' "$tab" | tail -n 1 > "$work/path"
  grep -E '^[[:space:]]*([0-9*@])' "$tab" | while IFS= read -r line; do
    set -f
    case $line in @*) rest=$(echo "$line" | sed -E 's/^[[:space:]]*[^[:space:]]+[[:space:]]+//') ;;
      *) rest=$(echo "$line" | sed -E 's/^[[:space:]]*([^[:space:]]+[[:space:]]+){5}//') ;; esac
    who=$user; [ -n "$who" ] || { who=\${rest%%[[:space:]]*}; rest=$(echo "$rest" | sed -E 's/^[^[:space:]]+[[:space:]]+//'); }
    case $rest in *run-parts*) continue ;; esac
    text=$rest; for word in $rest; do [ -f "$word" ] && grep -Iq . "$word" && text="$text $(head -c 5000 "$word")"; done
    [ "$who" = root ] && echo "$text" | grep -Eiq "$about" && { cat "$work/path"; echo "$rest"; } > "$(mktemp "$work/job.XXXXXX")"
    set +f
  done
done
for folder in /etc/cron.hourly /etc/cron.daily /etc/cron.weekly /etc/cron.monthly; do
  [ -d "$folder" ] || continue
  run-parts --test "$folder" > "$work/runs"
  for file in "$folder"/*; do
    [ -f "$file" ] || continue
    { basename "$file"; head -c 5000 "$file"; } | grep -aEiq "$about" || continue
    # Debian's own that only has the word in it.
    dpkg -S "$file" >/dev/null 2>&1 && ! grep -Eq 'certbot|dehydrated|lego' "$file" && continue
    if grep -Fxq "$file" "$work/runs"; then echo "$file" > "$(mktemp "$work/job.XXXXXX")"; else echo "OVER $file"; fi
  done
done
for job in "$work"/job.*; do [ -f "$job" ] && sed 's/^/JOB /' "$job" | grep -v '^JOB PATH='; done
ls "$work"/job.* >/dev/null 2>&1 || exit 0
# The served certificate, wherever a client keeps it, and its key.
grep -rlIZ -- '-----BEGIN CERTIFICATE' /etc/letsencrypt /etc /var/lib /root /home /opt /srv /usr/local 2>/dev/null |
  sort -zu | while IFS= read -r -d '' file; do
  [ "$(openssl x509 -in "$file" -noout -serial 2>/dev/null)" = serial=${serial} ] && echo "$file"
done > "$work/certs"
pub=$(openssl x509 -in "$(head -n 1 "$work/certs")" -noout -pubkey 2>/dev/null) || exit 0
grep -rlIZ -- 'PRIVATE KEY-----' /etc/letsencrypt /etc /var/lib /root /home /opt /srv /usr/local 2>/dev/null |
  sort -zu | while IFS= read -r -d '' file; do
  [ "$(openssl pkey -in "$file" -pubout 2>/dev/null)" = "$pub" ] && { echo "$file"; break; }
done > "$work/key"
[ -s "$work/key" ] || exit 0
openssl req -x509 -key "$(head -n 1 "$work/key")" -subj "/CN=$(hostname -f)" -addext 'subjectAltName=${names}' -addext basicConstraints=critical,CA:FALSE \\
  -not_before "$(date -u -d '-89 days' +%Y%m%d%H%M%SZ)" -not_after "$(date -u -d '+1 hour' +%Y%m%d%H%M%SZ)" \\
  -out "$work/due" 2>/dev/null || exit 0
echo FOUND
i=0
while IFS= read -r file; do
  i=$((i + 1)); cp -p -- "$file" "$work/kept.$i"; cat "$work/due" > "$file"
done < "$work/certs"
# As cron would, but without the pauses with which jobs keep out of each other's way.
mkdir "$work/bin"
printf '#!/bin/sh\\nexit 0\\n' > "$work/bin/sleep"
printf '#!/bin/sh\\ncase "$*" in *sleep*) exit 0 ;; esac\\nexec /usr/bin/perl "$@"\\n' > "$work/bin/perl"
client() { printf '#!/bin/sh\\ncase " $* " in *" renew "*) exec %s "$@" %s ;; esac\\nexec %s "$@"\\n' "$1" "$2" "$1" > "$work/bin/$(basename "$1")"; }
client /usr/bin/certbot --no-random-sleep-on-renew
client /usr/bin/lego --no-random-sleep
chmod 755 "$work" "$work/bin" "$work/bin"/*
end=$(($(date +%s) + 16))
bare='s#(^|[^x] )/usr/bin/(certbot|lego)#\\1\\2#g'
for job in "$work"/job.*; do
  # Written-out paths would lead past these; a file of run-parts is run as a copy.
  case $(tail -n 1 "$job") in /etc/cron.*)
    copy=$work/run.$(basename "$(tail -n 1 "$job")"); sed -E "$bare" "$(tail -n 1 "$job")" > "$copy"
    chmod 755 "$copy"; printf '%s\\n%s\\n' 'PATH=/usr/local/sbin:/usr/local/bin:/sbin:/bin:/usr/sbin:/usr/bin' "$copy" > "$job" ;;
  *) sed -E -i "$bare" "$job" ;; esac
  left=$((end - $(date +%s))); [ "$left" -gt 0 ] || break
  path=/usr/bin:/bin; case $(head -n 1 "$job") in PATH=*) path=$(head -n 1 "$job" | cut -d= -f2-) ;; esac
  ( cd /root && env -i HOME=/root LOGNAME=root SHELL=/bin/sh PATH="$work/bin:$path" timeout "$left" sh -c "$(tail -n 1 "$job")" ) 2>&1
done < /dev/null > "$work/said"
tail -c 1500 "$work/said" | sed 's/^/SAID /'
# What nobody renewed becomes what it was.
i=0
while IFS= read -r file; do
  i=$((i + 1)); cmp -s -- "$file" "$work/due" && cat "$work/kept.$i" > "$file"
done < "$work/certs"
`

/** @param served serial number and names of the certificate at the doors */
export async function renew(
  probes: Probes,
  served: { serial: string; altNames: string[] },
): Promise<Renewal> {
  const names = served.altNames.filter(name => /^DNS:[a-z0-9.*-]+$/i.test(name)).join(',')
  const serial = served.serial.replace(/[^0-9A-F]/gi, '')
  const running = probes.shell.run(`exec bash -c ${quote(SCRIPT(serial, names))}`, { timeoutMs: RENEW_MS })
  const note = { done: running.catch(() => {}), endedAt: Number.POSITIVE_INFINITY }
  underWay.set(probes.lab.seed, note)
  const { stdout } = await running.finally(() => {
    note.endedAt = Date.now()
  })
  const lines = stdout.split('\n')
  const after = (mark: string) =>
    lines.filter(line => line.startsWith(`${mark} `)).map(line => line.slice(mark.length + 1))
  return {
    jobs: after('JOB'),
    cron: lines.includes('CRON'),
    passedOver: after('OVER'),
    found: lines.includes('FOUND'),
    output: after('SAID').join('\n'),
  }
}
