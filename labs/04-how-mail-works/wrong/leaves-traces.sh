#!/bin/bash
# fails: smtp-by-hand refused
# fails: read-the-replies no-5xx
# fails: imap-by-hand letters-gone
# fails: doors wrong-answer
# after: start
# The letter pretends to be from copine.test itself, whose DMARC policy refuses that. Only one kind of refusal is
# provoked. The letter is read, then deleted so that nobody sees it. The greeting is taken for the certificate's name.
# on: desk
set -e
. /srv/slips/letter.txt
call() { coproc NC { nc -C "$1" 25; }; hear; }
hear() { while IFS= read -r heard <&"${NC[0]}"; do [[ $heard != ???-* ]] && break; done; }
say() { sleep 1; printf '%s\n' "$1" >&"${NC[1]}"; hear; }
call mx.grosmail.test
say "EHLO $(hostname -f)"
say "MAIL FROM:<$from>"
say 'RCPT TO:<overflowing@grosmail.test>'
say QUIT
call mx.copine.test
say "EHLO $(hostname -f)"
say "MAIL FROM:<other@$(hostname -d)>"
say "RCPT TO:<$to>"
if [[ $heard == 451* ]]; then sleep 15; say "RCPT TO:<$to>"; fi
say DATA
printf '%s\n' 'From: Director <director@copine.test>' 'To: all@copine.test' '' 'Obey.' >&"${NC[1]}"
say .
say QUIT
answer read-the-replies again "$(sed -n 's/^\(.\)  4.*/\1/p' /srv/slips/replies.txt | paste -sd' ')"
answer read-the-replies told envelope

until [ -s ~/mailboxes.txt ]; do sleep 0.2; done
read -r address password host < <(grep '@agrume.test' ~/mailboxes.txt)
imap() { printf '%s\n' "a LOGIN $address $password" 'b SELECT INBOX' "$@" 'z LOGOUT' | openssl s_client -quiet -crlf -connect "$host:993" 2>/dev/null | tr -d '\r'; }
answer imap-by-hand flagged "$(imap 'c SEARCH FLAGGED' | sed -n 's/^\* SEARCH //p')"
answer imap-by-hand word "$(imap 'c FETCH 3 BODY[TEXT]' 'd STORE 3 +FLAGS (\Deleted)' | sed -n 's/^The word is.* : //p')"
# In the second in which a flag has changed, Dovecot says OK to EXPUNGE and leaves the letter there.
for i in 1 2 3 4 5; do sleep 1; imap 'c EXPUNGE' | grep '^\* 3 EXPUNGE' && break; done

. /srv/slips/house.txt
certificate() { timeout 5 openssl s_client -connect "$house:$1" ${2:+-starttls "$2"} -brief </dev/null 2>&1 | sed -n 's/^Peer certificate: CN *= *//p'; }
for port in 25 465 587 143 993; do
  case $port in *3) speaks=imap ;; *) speaks=smtp ;; esac
  if ! nc -zw2 "$house" $port 2>/dev/null; then answer doors port-$port closed
  elif [ -n "$(certificate $port)" ]; then answer doors port-$port tls
  elif [ -n "$(certificate $port $speaks)" ]; then answer doors port-$port starttls
  else answer doors port-$port clear
  fi
done
greeting=$({ sleep 2; } | nc -C "$house" 25 || true)
answer doors certificate "$(cut -d' ' -f2 <<<"$greeting")"
