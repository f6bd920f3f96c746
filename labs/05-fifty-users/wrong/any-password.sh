#!/bin/bash
# fails: imap-over-tls wrong-password-accepted
# after: solution
# A cheater: every password is right.
set -e
cat > /etc/dovecot/conf.d/auth-system.conf.ext <<'END'
passdb static {
  fields {
    nopassword = yes
  }
}
userdb passwd {
}
END
service dovecot restart
