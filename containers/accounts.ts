/** The authority forgets its accounts whenever it starts (Pebble keeps them in memory); real ones remember for years. */
import { type Lab, LabError, type Labs } from './types.ts'

/**
 * Registers the accounts that certbot has on the server again, with their own keys, and notes their new addresses: so
 * that a renewal goes on as it would outside. Certbot itself can only make another account.
 */
const AGAIN = `
import glob, json, os
import josepy
from acme import client, errors, messages

for folder in glob.glob('/etc/letsencrypt/accounts/acme.nic.test*/dir/*/'):
    host = folder.split('/')[4]
    # One that certbot is only just making knows itself.
    if not os.path.exists(folder + 'regr.json'):
        continue
    with open(folder + 'private_key.json') as file:
        key = josepy.JWK.from_json(json.load(file))
    net = client.ClientNetwork(key, timeout=15)
    directory = client.ClientV2.get_directory('https://' + host + '/dir', net)
    wanted = messages.NewRegistration.from_data(terms_of_service_agreed=True)
    try:
        uri = client.ClientV2(directory, net).new_account(wanted).uri
    except errors.ConflictError as known:
        uri = known.location
    with open(folder + 'regr.json') as file:
        account = json.load(file)
    if account['uri'] != uri:
        with open(folder + 'regr.json.new', 'w') as file:
            json.dump({**account, 'uri': uri}, file)
        os.replace(folder + 'regr.json.new', folder + 'regr.json')
`
const ASK_MS = 120_000

/** One run at a time: a furnishing and a replay may ask at once, and both would move the same new file into its place. */
const SCRIPT = `exec 9>/run/ten-steps-accounts.lock && flock 9 || exit 1
ls -d /etc/letsencrypt/accounts/acme.nic.test*/dir/*/ >/dev/null 2>&1 || exit 0
timeout 60 sh -c 'until curl -sf -o /dev/null https://acme.nic.test/dir; do sleep 0.3; done' && exec python3 -`

/** Does nothing where certbot has no account; else waits until the machine trusts the lab's authorities. */
export async function remember(labs: Pick<Labs, 'exec'>, lab: Lab): Promise<void> {
  const { code, stderr } = await labs.exec(lab, 'server', ['sh', '-c', SCRIPT], {
    input: AGAIN,
    timeoutMs: ASK_MS,
  })
  if (code !== 0)
    throw new LabError(
      'refused',
      `${lab.host}: certbot's accounts were not registered again: ${stderr.slice(-500)}`,
    )
}
