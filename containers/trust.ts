/** Puts the lab's authorities among those that a machine trusts, where Debian's update-ca-certificates puts them. */
import { createHash } from 'node:crypto'
import type { Engine } from './docker.ts'
import { LabError } from './types.ts'

/**
 * Reads `name base64` lines and adds what is missing. update-ca-certificates itself goes through all of the 140
 * authorities of the world again, which takes a core for a second: this only adds, and leaves the rest to it where there
 * are hooks that it must run, or where its own work is not there yet. Its next run finds the same files and agrees.
 * A file gets its name last: of a run that is cut short the next one begins again. One run at a time.
 */
const ADD = `
folder=/usr/local/share/ca-certificates/ten-steps certs=/etc/ssl/certs
mkdir -p "$folder"
exec 9>"$folder/.lock" && flock 9 || exit 1
new=
while read -r name base64; do
  [ -e "$folder/$name.crt" ] && continue
  case "$new " in *" $name "*) continue ;; esac
  echo "$base64" | base64 -d >"$folder/$name.new" || exit 1
  new="$new $name"
done
[ -n "$new" ] || exit 0
named() { for name in $new; do mv "$folder/$name.new" "$folder/$name.crt"; done; }
if [ ! -s "$certs/ca-certificates.crt" ] || [ -n "$(ls /etc/ca-certificates/update.d 2>/dev/null)" ]; then
  named
  exec update-ca-certificates
fi
cp -p "$certs/ca-certificates.crt" "$certs/ca-certificates.crt.ten-steps"
for name in $new; do
  cat "$folder/$name.new" >>"$certs/ca-certificates.crt.ten-steps"
  ln -sf "$folder/$name.crt" "$certs/$name.pem"
  hash=$(openssl x509 -hash -noout -in "$folder/$name.new") || exit 1
  n=0
  while [ -L "$certs/$hash.$n" ]; do n=$((n + 1)); done
  ln -s "$name.pem" "$certs/$hash.$n"
done
mv "$certs/ca-certificates.crt.ten-steps" "$certs/ca-certificates.crt"
named
`

/** Adds what is missing; nothing is taken away, and a machine that has them all is not touched. */
export async function trust(engine: Engine, machine: string, authorities: readonly string[]): Promise<void> {
  const lines = authorities.map(pem => {
    const whole = `${pem.trim()}\n`
    const name = createHash('sha256').update(pem).digest('hex').slice(0, 16)
    return `${name} ${Buffer.from(whole).toString('base64')}\n`
  })
  const { code, stderr } = await engine.exec(machine, ['sh', '-c', ADD], { input: lines.join('') })
  if (code !== 0)
    throw new LabError('refused', `${machine} did not take the lab's authorities: ${stderr.trim()}`)
}
