import type { Task } from '../../../checker/step.ts'
import { typed } from './typed.ts'

export const mailArrives: Task = {
  id: 'mail-arrives',
  title: { en: 'Mail arrives', fr: 'Le courrier arrive' },
  goal: {
    en: 'Install Postfix, make an account `sasha`, and have the mail for `sasha` at your domain delivered into a Maildir. You know it when a message from grosmail.test is there, byte for byte.',
    fr: 'Installez Postfix, créez un compte `sasha`, et faites arriver dans un Maildir le courrier adressé à `sasha` chez vous. C’est gagné quand un message de grosmail.test s’y trouve, à l’octet près.',
  },
  hints: [
    {
      en: 'Three things decide: does Postfix listen to the outside (`ss -ltn`), does it know your domain as its own (`postconf mydestination`), and where does it put the mail (`postconf home_mailbox`)?',
      fr: 'Trois choses décident : Postfix écoute-t-il le dehors (`ss -ltn`), sait-il que votre domaine est à lui (`postconf mydestination`), et où range-t-il le courrier (`postconf home_mailbox`) ?',
    },
    {
      en: 'Debian writes `mail.NAME.test` into `mydestination`, but the addresses are `@NAME.test`. Change settings with `postconf -e`, then `service postfix reload`. Keep `tail -f /var/log/mail.log` open in a second terminal.',
      fr: 'Debian met `mail.NOM.test` dans `mydestination`, mais les adresses sont en `@NOM.test`. Changez les réglages avec `postconf -e`, puis `service postfix reload`. Gardez `tail -f /var/log/mail.log` ouvert dans un second terminal.',
    },
    {
      en: 'A Maildir is a folder: `home_mailbox = Maildir/`, with the slash. Without it, Postfix writes one big file.',
      fr: 'Un Maildir est un dossier : `home_mailbox = Maildir/`, avec la barre. Sans elle, Postfix écrit un seul gros fichier.',
    },
  ],
  solution: typed(String.raw`
apt-get update
DEBIAN_FRONTEND=noninteractive apt-get install -y postfix ssl-cert bsd-mailx
postconf -e "mydestination = $(hostname -d), \$myhostname, localhost" "myorigin = $(hostname -d)"
postconf -e 'home_mailbox = Maildir/'
adduser --disabled-password --comment Sasha sasha
printf '%s: %s\n' postmaster root abuse root root sasha >/etc/aliases
newaliases
service postfix restart
`),
}
