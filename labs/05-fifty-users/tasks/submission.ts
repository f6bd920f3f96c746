import type { Task } from '../../../checker/step.ts'
import { typed } from './typed.ts'

export const submission: Task = {
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
}
