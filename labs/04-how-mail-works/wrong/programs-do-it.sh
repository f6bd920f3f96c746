#!/bin/bash
# fails: smtp-by-hand too-fast
# fails: read-the-replies no-4xx
# fails: imap-by-hand flags-changed
# fails: doors wrong-answer
# after: start
# Programs instead of fingers: swaks writes the letter, curl reads the mailbox and marks it; two 5xx are taken for both
# kinds; the doors are answered from the lesson's table.
# on: desk
set -e
. /srv/slips/letter.txt
write() { swaks --silent 3 -s mx.copine.test -f "$1" -t "$to" --h-From 'Moon <lune@espace.test>' --h-To nobody@nowhere.test; }
# Greylisting is passed under another name, or its 451 would be a 4xx of this sender.
write "me@$(hostname -d)" || { sleep 16; write "me@$(hostname -d)"; }
write "$from"
for nobody in unknown no-such-user; do
  swaks --silent 3 -s mx.grosmail.test -f "$from" -t $nobody@grosmail.test -q RCPT || true
done
answer read-the-replies again "$(sed -n 's/^\(.\)  4.*/\1/p' /srv/slips/replies.txt | paste -sd' ')"
answer read-the-replies told envelope

until [ -s ~/mailboxes.txt ]; do sleep 0.2; done
read -r address password host < <(grep '@agrume.test' ~/mailboxes.txt)
look() { curl -sSk --user "$address:$password" "imaps://$host/INBOX$1" "${@:2}" | tr -d '\r'; }
answer imap-by-hand word "$(look ';MAILINDEX=3' | sed -n 's/^The word is.* : //p')"
answer imap-by-hand flagged "$(look '' -X 'SEARCH FLAGGED' | sed -n 's/^\* SEARCH //p')"

. /srv/slips/house.txt
answer doors port-25 starttls
answer doors port-465 tls
answer doors port-587 starttls
answer doors port-143 starttls
answer doors port-993 tls
answer doors certificate "$house"
