#!/bin/bash
# fails: smtp-by-hand too-fast
# fails: read-the-replies no-5xx
# fails: imap-by-hand wrong-answer
# fails: doors unanswered
# after: start
# The whole conversation pasted into nc at once. Misspelt commands are taken for refusals. The third letter is counted
# from the newest, as mail programs show them. Only two doors are tried.
# on: desk
set -e
. /srv/slips/letter.txt
in_one_go() {
  coproc NC { nc -C mx.copine.test 25; }
  read -r greeting <&"${NC[0]}"
  printf '%s\n' "EHLO $(hostname -f)" "MAIL FROM:<$from>" "RCPT TO:<$to>" DATA \
    'From: Moon <lune@espace.test>' 'To: nobody@nowhere.test' '' 'In one go.' . QUIT >&"${NC[1]}"
  timeout 5 cat <&"${NC[0]}" || true
}
in_one_go | grep '^250 2.0.0 OK' || { sleep 16; in_one_go; }
{ sleep 1; printf '%s\n' 'EHLO me' 'MAIL TO me' 'RCPT' 'HOW ARE YOU'; sleep 1; } | nc -CN mx.grosmail.test 25
answer read-the-replies again "$(sed -n 's/^\(.\)  4.*/\1/p' /srv/slips/replies.txt | paste -sd' ')"
answer read-the-replies told envelope

until [ -s ~/mailboxes.txt ]; do sleep 0.2; done
read -r address password host < <(grep '@agrume.test' ~/mailboxes.txt)
imap() { printf '%s\n' "a LOGIN $address $password" 'b EXAMINE INBOX' "$@" 'z LOGOUT' | openssl s_client -quiet -crlf -connect "$host:993" 2>/dev/null | tr -d '\r'; }
answer imap-by-hand word "$(imap 'c FETCH 4 BODY.PEEK[TEXT]' | sed -n 's/^The word is.* : //p')"
answer imap-by-hand flagged "$(imap 'c SEARCH FLAGGED' | sed -n 's/^\* SEARCH //p')"

. /srv/slips/house.txt
seen=$({ sleep 1; echo 'EHLO me'; sleep 1; } | timeout 5 nc -C "$house" 25 || true)
case $seen in *STARTTLS*) answer doors port-25 starttls ;; *) answer doors port-25 clear ;; esac
