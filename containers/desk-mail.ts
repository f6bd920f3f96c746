/** What a participant finds on their desk to read mail with: the passwords of their mailboxes, and mutt set up. */
import type { Mailbox, PeopleAnswer, PeopleBody, PlacedMessage } from './internet/api.ts'
import { type Lab, LabError, type Labs } from './types.ts'

/** Quotes for a muttrc, in which `$` and backticks mean something between double quotes. */
const quoted = (text: string) => `'${text.replaceAll("'", '')}'`

/** ~/mailboxes.txt */
export const passwordList = (mailboxes: readonly Mailbox[]): string =>
  [
    '# Your mailboxes at the providers of the lab: for IMAP on port 993, or 143 with STARTTLS.',
    '# Vos boîtes chez les hébergeurs du labo : en IMAP, port 993, ou 143 avec STARTTLS.',
    '# mutt opens the first one; F2 to F5 switch, F6 opens the one on your own server.',
    '# mutt ouvre la première ; F2 à F5 en changent, F6 ouvre celle de votre propre serveur.',
    '',
    ...mailboxes.map(({ address, password, host }) => `${address}  ${password}  ${host}`),
    '',
  ].join('\n')

/** ~/.muttrc */
export function muttrc(
  lab: Pick<Lab, 'participant' | 'domain' | 'host'>,
  mailboxes: readonly Mailbox[],
): string {
  const inbox = (host: string) => `imaps://${host}/INBOX`
  const open = (key: string, host: string, what: string) =>
    `macro index,pager ${key} ${quoted(`<change-folder>${inbox(host)}<enter>`)} "${what}"`
  const [first] = mailboxes
  return [
    '# Your mailboxes / vos boîtes : see ~/mailboxes.txt',
    ...mailboxes.map(
      ({ address, password, host }) =>
        `account-hook ^imaps://${host.replaceAll('.', '\\\\.')}/ "set imap_user=${quoted(address)} imap_pass=${quoted(password)}"`,
    ),
    '# Your own server asks for the password of the account that you make there.',
    '# Votre propre serveur demande le mot de passe du compte que vous y créez.',
    `account-hook ^imaps://${lab.host.replaceAll('.', '\\\\.')}/ "unset imap_pass; set imap_user=${quoted(lab.participant)}"`,
    ...mailboxes.map(({ host, address }, index) => open(`<F${index + 2}>`, host, address)),
    open(`<F${mailboxes.length + 2}>`, lab.host, lab.host),
    // Without a folder mutt asks whether to make ~/Mail before it shows anything.
    ...(first ? [`set folder=imaps://${first.host}/ spoolfile=${inbox(first.host)} record=~/sent`] : []),
    'set ssl_force_tls=yes',
    'set sort=reverse-date',
    `set from=${quoted(`${lab.participant}@${lab.domain}`)} use_from=yes`,
    'set editor=nano',
    'set header_cache=~/.cache/mutt message_cachedir=~/.cache/mutt',
    '',
  ].join('\n')
}

/**
 * A script for the desk's shell, run as root with the two texts on its standard input, each as a line of Base64. The
 * home is made at the machine's start and may be a moment late. A .muttrc of the participant's own is left alone.
 */
const PLACE_MAIL_FILES = `
for i in $(seq 100); do
  home=$(getent passwd 1000 | cut -d: -f6)
  [ -n "$home" ] && [ -d "$home" ] && break
  sleep 0.05
done
[ -d "$home" ] || { echo "the desk has no home" >&2; exit 1; }
read -r list; read -r muttrc
umask 077
put() { printf %s "$2" | base64 -d >"$1.new" && chown 1000 "$1.new" && mv "$1.new" "$1"; }
put "$home/mailboxes.txt" "$list"
if [ ! -e "$home/.muttrc" ] || grep -q mailboxes.txt "$home/.muttrc"; then put "$home/.muttrc" "$muttrc"; fi
install -d -o 1000 -m 700 "$home/.cache" "$home/.cache/mutt"
`

/** The standard input of PLACE_MAIL_FILES. */
const mailFilesInput = (lab: Lab, mailboxes: readonly Mailbox[]): string =>
  [passwordList(mailboxes), muttrc(lab, mailboxes)]
    .map(text => `${Buffer.from(text).toString('base64')}\n`)
    .join('')

/**
 * Makes the participant's mailboxes or finds them, and writes their passwords down on the desk when either of the two
 * is new. Throws for a fresh lab whose desk can't take them.
 */
export async function giveMailboxes(
  labs: Pick<Labs, 'internet' | 'exec'>,
  lab: Lab,
  { fresh, mail = [] }: { fresh: boolean; mail?: PlacedMessage[] } = { fresh: false },
): Promise<void> {
  const body: PeopleBody = { participant: lab.participant, mail }
  const { made, mailboxes } = await labs.internet<PeopleAnswer>(lab.event, 'POST', '/people', body)
  if (!made && !fresh) return
  const input = mailFilesInput(lab, mailboxes)
  const { code, stderr } = await labs.exec(lab, 'desk', ['bash', '-c', PLACE_MAIL_FILES], { input })
  if (code === 0) return
  const message = `mailboxes could not be written down on the desk of ${lab.participant}: ${stderr.trim()}`
  if (fresh) throw new LabError('refused', message)
  // A desk that its participant broke is no reason to keep the lab, or everybody's, closed.
  console.error(message)
}
