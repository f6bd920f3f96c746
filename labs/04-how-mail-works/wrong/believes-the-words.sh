#!/bin/bash
# fails: smtp-by-hand same-as-the-envelope
# fails: read-the-replies wrong-answer
# fails: imap-by-hand wrong-answer
# fails: doors wrong-answer
# after: start
# A letter whose header repeats the envelope. Replies are judged by their words, and the bounce by the header. The word
# is somebody else's, and so is the house.
# on: desk
set -e
. /srv/slips/letter.txt
call() { coproc NC { nc -C "$1" 25; }; hear; }
hear() { while IFS= read -r heard <&"${NC[0]}"; do [[ $heard != ???-* ]] && break; done; }
say() { sleep 1; printf '%s\n' "$1" >&"${NC[1]}"; hear; }
call mx.copine.test
say "EHLO $(hostname -f)"
say "MAIL FROM:<$from>"
say "RCPT TO:<$to>"
if [[ $heard == 451* ]]; then sleep 15; say "RCPT TO:<$to>"; fi
say DATA
printf '%s\n' "From: Me <$from>" "To: You <$to>" 'Subject: by hand' '' 'Hello.' >&"${NC[1]}"
say .
say "MAIL FROM:<$from>"
say 'RCPT TO:<overflowing@copine.test>'
say 'RCPT TO:<friend@elsewhere.test>'
say QUIT
answer read-the-replies again "$(grep -Ei 'again|moment|wait|full' /srv/slips/replies.txt | cut -c1 | paste -sd' ') z"
answer read-the-replies told header
answer imap-by-hand word bruyere
answer imap-by-hand flagged 3

. /srv/slips/house.txt
house=${house%.*}.$((${house##*.} + 1))
for port in 25 465 587 143 993; do
  nc -zw2 "$house" $port && answer doors port-$port clear || answer doors port-$port closed
done
answer doors certificate "mail.$(hostname -d)"
