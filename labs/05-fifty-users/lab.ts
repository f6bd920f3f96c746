import type { LabData, Text } from '../../checker/step.ts'

/** Commands are the same in every language; a sentence may follow them. */
const typed = (commands: string, then?: Text): Text => {
  const block = `\`\`\`bash title="server"\n${commands.trim()}\n\`\`\``
  return then ? { en: `${block}\n\n${then.en}`, fr: `${block}\n\n${then.fr}` } : { en: block, fr: block }
}

export const lab: LabData = {
  title: { en: 'Fifty users, Unix accounts', fr: 'Cinquante utilisateurices, des comptes Unix' },
  summary: {
    en: 'A mail server for an association: Postfix, Dovecot, one system account for each person.',
    fr: 'Un serveur de courrier pour une association : Postfix, Dovecot, un compte système par personne.',
  },
  minutes: 180,
  machines: ['server', 'desk'],
  tasks: [
    {
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
service postfix restart
`),
    },
    {
      id: 'fifty-accounts',
      title: { en: 'Fifty accounts', fr: 'Cinquante comptes' },
      goal: {
        en: 'Turn `/root/accounts.csv` into accounts: each of the fifty people receives mail that nobody else can read. Logins become lower case without accents; lines that are there twice make one account; the system’s own account in the list stays as it is; unknown names are refused.',
        fr: 'Faites des comptes de `/root/accounts.csv` : chacune des cinquante personnes reçoit du courrier que personne d’autre ne peut lire. Les logins passent en minuscules sans accents ; une ligne en double fait un seul compte ; le compte système de la liste reste tel quel ; les noms inconnus sont refusés.',
      },
      hints: [
        {
          en: 'Look before you type: `wc -l`, `cut -d";" -f1 | sort | uniq -d`, and the same after folding capitals. Which names does `getent passwd` know already, before you start?',
          fr: 'Regardez avant de taper : `wc -l`, `cut -d";" -f1 | sort | uniq -d`, et pareil une fois les majuscules repliées. Quels noms `getent passwd` connaît-il déjà, avant de commencer ?',
        },
        {
          en: 'One rule catches three traps: fold the login first, and if `getent passwd` then knows it, leave the line alone, password included.',
          fr: 'Une seule règle évite trois pièges : repliez d’abord le login, et si `getent passwd` le connaît alors déjà, laissez la ligne tranquille, mot de passe compris.',
        },
        {
          en: '`LC_ALL=C.UTF-8 iconv -f UTF-8 -t ASCII//TRANSLIT` takes the accents off; without a UTF-8 locale it writes question marks. `tr A-Z a-z` does the rest.',
          fr: '`LC_ALL=C.UTF-8 iconv -f UTF-8 -t ASCII//TRANSLIT` enlève les accents ; sans locale UTF-8, il écrit des points d’interrogation. `tr A-Z a-z` fait le reste.',
        },
      ],
      solution: typed(`
export LC_ALL=C.UTF-8
while IFS=';' read -r login name password; do
  login=$(iconv -f UTF-8 -t ASCII//TRANSLIT <<<"$login" | tr A-Z a-z)
  getent passwd "$login" >/dev/null && continue
  adduser --quiet --disabled-password --shell /usr/sbin/nologin --comment "$name" "$login"
  echo "$login:$password" | chpasswd
done < /root/accounts.csv
`),
    },
    {
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
    },
    {
      id: 'submission',
      title: { en: 'Submission', fr: 'L’envoi authentifié' },
      goal: {
        en: 'Members send through ports 587 (STARTTLS) and 465 (TLS from the first byte) with their password, and their mail reaches grosmail.test. Without TLS no password is taken; without a password nothing leaves.',
        fr: 'Les membres envoient par les ports 587 (STARTTLS) et 465 (TLS dès le premier octet) avec leur mot de passe, et leur courrier atteint grosmail.test. Sans TLS, aucun mot de passe n’est pris ; sans mot de passe, rien ne part.',
      },
      hints: [
        {
          en: 'Postfix doesn’t know passwords; it asks Dovecot through a socket, which has to lie inside Postfix’s chroot: `/var/spool/postfix/private/auth`.',
          fr: 'Postfix ne connaît pas les mots de passe ; il les demande à Dovecot par un socket, qui doit se trouver dans le chroot de Postfix : `/var/spool/postfix/private/auth`.',
        },
        {
          en: 'Two lines in `master.cf` open the doors: `submission` and `submissions`. Settings that hold for one door only go there with `-o`; `postconf -M` and `postconf -P` write them.',
          fr: 'Deux lignes de `master.cf` ouvrent les portes : `submission` et `submissions`. Les réglages d’une seule porte y vont avec `-o` ; `postconf -M` et `postconf -P` les écrivent.',
        },
        {
          en: '587 wants `smtpd_tls_security_level=encrypt`, 465 wants `smtpd_tls_wrappermode=yes`, both want `smtpd_sasl_auth_enable=yes` and `smtpd_relay_restrictions=permit_sasl_authenticated,reject`.',
          fr: '587 veut `smtpd_tls_security_level=encrypt`, 465 veut `smtpd_tls_wrappermode=yes`, les deux veulent `smtpd_sasl_auth_enable=yes` et `smtpd_relay_restrictions=permit_sasl_authenticated,reject`.',
        },
      ],
      solution: typed(String.raw`
cat >> /etc/dovecot/local.conf <<'END'
service auth {
  unix_listener /var/spool/postfix/private/auth {
    mode = 0660
    user = postfix
    group = postfix
  }
}
END
service dovecot restart
postconf -e 'smtpd_sasl_type = dovecot' 'smtpd_sasl_path = private/auth' 'smtpd_tls_auth_only = yes'
for door in submission submissions; do
  postconf -M "$door/inet=$door inet n - y - - smtpd"
  postconf -P "$door/inet/syslog_name=postfix/$door" "$door/inet/smtpd_sasl_auth_enable=yes" \
    "$door/inet/smtpd_relay_restrictions=permit_sasl_authenticated,reject"
done
postconf -P submission/inet/smtpd_tls_security_level=encrypt submissions/inet/smtpd_tls_wrappermode=yes
service postfix restart
`),
    },
    {
      id: 'no-open-relay',
      title: { en: 'Not an open relay', fr: 'Pas un relais ouvert' },
      goal: {
        en: 'Strangers can’t write to other strangers through your server, whatever they try: some thirty attempts are refused, and mail for your members still comes in.',
        fr: 'Personne d’étranger ne peut écrire à d’autres à travers votre serveur, quoi qu’on essaie : une trentaine de tentatives sont refusées, et le courrier de vos membres arrive toujours.',
      },
      hints: [
        {
          en: 'Debian’s defaults are right. If this task is red, something that was changed for another reason opened it: compare with `postconf -n`.',
          fr: 'Les réglages de Debian sont bons. Si cette tâche est rouge, c’est qu’un changement fait pour autre chose a ouvert la porte : comparez avec `postconf -n`.',
        },
        {
          en: '`mynetworks` is whom Postfix trusts without a password: the machine itself, nobody else. `relay_domains` is for whom you receive mail as a second server: nobody, here.',
          fr: '`mynetworks`, ce sont les machines que Postfix croit sans mot de passe : lui-même, personne d’autre. `relay_domains`, les domaines dont vous recevez le courrier en second : aucun, ici.',
        },
      ],
      solution: typed(
        `
postconf -e 'mynetworks = 127.0.0.0/8 [::ffff:127.0.0.0]/104 [::1]/128'
postconf -e 'smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination'
postconf -X relay_domains smtpd_client_restrictions smtpd_recipient_restrictions
service postfix restart
`,
        {
          en: 'If the task stays red, look at the restrictions of 587 and 465: `postconf -P`.',
          fr: 'Si la tâche reste rouge, voyez les restrictions de 587 et 465 : `postconf -P`.',
        },
      ),
    },
  ],
}
