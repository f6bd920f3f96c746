import type { Task } from '../../../checker/step.ts'
import { typed } from './typed.ts'

export const imapOverTls: Task = {
  id: 'imap-over-tls',
  title: { en: 'IMAP over TLS', fr: 'IMAP sous TLS' },
  goal: {
    en: 'People read their mail from home with the password of their account: port 993, and port 143 after STARTTLS. In clear text, a password opens nothing.',
    fr: 'Chacun et chacune relève son courrier de chez soi avec le mot de passe de son compte : port 993, et port 143 après STARTTLS. En clair, un mot de passe n’ouvre rien.',
  },
  hints: [
    {
      en: 'Debian’s Dovecot already speaks TLS and asks the system for passwords. What is left is to show it where Postfix puts the mail, in a file of your own: `/etc/dovecot/local.conf`.',
      fr: 'Le Dovecot de Debian parle déjà TLS et demande les mots de passe au système. Reste à lui montrer où Postfix range le courrier, dans un fichier à vous : `/etc/dovecot/local.conf`.',
    },
    {
      en: 'Does the login work and the mailbox stay empty? `doveconf mail_driver mail_path mail_inbox_path`: Debian sets the third one to `/var/mail`. Most pages on the web are about Dovecot 2.3, where all this was `mail_location`.',
      fr: 'La connexion marche et la boîte reste vide ? `doveconf mail_driver mail_path mail_inbox_path` : Debian met le troisième à `/var/mail`. La plupart des pages du web parlent de Dovecot 2.3, où tout cela s’appelait `mail_location`.',
    },
  ],
  solution: typed(`
apt-get install -y dovecot-imapd
cat > /etc/dovecot/local.conf <<'END'
mail_driver = maildir
mail_home =
mail_path = ~/Maildir
mail_inbox_path = ~/Maildir
ssl = required
END
service dovecot restart
`),
}
