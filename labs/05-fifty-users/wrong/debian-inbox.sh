#!/bin/bash
# fails: imap-over-tls not-readable
# after: solution
# A beginner who sets mail_path and doesn't know of mail_inbox_path: Debian's points to /var/mail.
set -e
sed -i -e '/^mail_inbox_path/d' /etc/dovecot/local.conf
service dovecot restart
