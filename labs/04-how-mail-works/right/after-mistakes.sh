#!/bin/bash
# after: start
# Another way of being right: everything wrong at first, as an alias and with a neighbour's address, then mended.
# on: desk
set -e
domain=$(hostname -d)
. /srv/slips/server.txt
. /srv/slips/dns.txt
say() { printf '%s\n' 'server ns.nic.test' "$@" send | nsupdate -k ~/registrar.key; }
pointer() { dig -x "$1" +noall +question | awk '{ sub(/^;/, ""); print $1 }'; }

say "update add $domain. 300 A $ipv4" "update add $name. 300 CNAME $domain." "update add $domain. 300 MX 10 $ipv4."
say "update delete $name. CNAME" "update delete $domain. MX"
say "update add $name. 300 A 198.18.0.99"
say "update delete $name. A" "update add $name. 300 A $ipv4" "update add $name. 300 AAAA $ipv6"
say "update add $domain. 300 MX 0 $name."
say "update add $(pointer "$ipv4") 300 PTR $domain."
say "update delete $(pointer "$ipv4") PTR" "update add $(pointer "$ipv4") 300 PTR $name."
say "update add $(pointer "$ipv6") 300 PTR $name."

answer ask-the-dns preference 99
read -r preference exchanger < <(dig +short @ns.nic.test "$mx" MX | sort -n)
answer ask-the-dns preference "$preference"
answer ask-the-dns exchanger "${exchanger%.}"
record=$(dig +short @ns.nic.test "$spf" TXT | grep spf1 | tr -d '"')
answer ask-the-dns spf "$record"
declare -A means=([-]=refuse [~]=suspect [?]=nothing)
all=$(grep -o '[-~?]all$' <<<"$record" || true)
answer ask-the-dns strangers "${means[${all:0:1}]:-silent}"
[ "$family" = IPv4 ] && type=A || type=AAAA
address=$(dig +short "$(dig +short "$reverse" MX | sort -n | awk 'NR == 1 { print $2 }')" $type)
answer ask-the-dns address "$address"
answer ask-the-dns reverse "$(dig +short -x "$address" | sed 's/\.$//')"

. /srv/slips/letter.txt
# Typed with nc over IPv4, with slips of the tongue on the way: a misspelt command, a wrong envelope, RSET, and again.
call() { coproc NC { nc -4C "$1" 25; }; hear; }
hear() { while IFS= read -r heard <&"${NC[0]}"; do [[ $heard != ???-* ]] && break; done; }
say() { sleep 0.7; printf '%s\n' "$1" >&"${NC[1]}"; hear; }
call mx.copine.test
say "HELO $(hostname -f)"
say "MAIL TO:<$to>"
say "MAIL FROM:<me@$domain>"
say RSET
say "mail from:<$from>"
say "RCPT TO:<friend@elsewhere.test>"
say "rcpt to:<$to>"
while [[ $heard == 451* ]]; do
  sleep 5
  say "rcpt to:<$to>"
done
say data
printf '%s\n' "From: $from" 'To: all of us <all@copine.test>' '' 'The From is the envelope’s: that letter does not do.' >&"${NC[1]}"
say .
say "MAIL FROM:<$from>"
say "RCPT TO:<$to>"
say DATA
printf '%s\n' 'to: all of us <all@copine.test>' 'subject: again' 'from: The Sun' '  <soleil@espace.test>' '' 'And that one does.' >&"${NC[1]}"
say .
say "MAIL FROM:<$from>"
say 'RCPT TO:<debordante@fenetre.test>'
say 'RCPT TO:<unknown@copine.test>'
say 'RCPT TO:<debordante@copine.test>'
say QUIT
answer read-the-replies again abcdef
answer read-the-replies told header
answer read-the-replies told envelope
again=$(grep -E '^[a-f]  4' /srv/slips/replies.txt | cut -c1 | tac | paste -sd,)
answer read-the-replies again "${again^^}"

# Read with BODY, which marks, and the mark taken off again.
until [ -s ~/mailboxes.txt ]; do sleep 0.2; done
read -r address password host < <(grep '@agrume.test' ~/mailboxes.txt)
imap() {
  printf '%s\n' "a LOGIN $address $password" 'b SELECT INBOX' "$@" 'z LOGOUT' |
    openssl s_client -quiet -crlf -starttls imap -connect "$host:143" 2>/dev/null | tr -d '\r'
}
answer imap-by-hand word "$(imap 'c FETCH 3 BODY[]' | sed -n 's/^The word is.* : //p' | tr a-z A-Z)"
imap 'c STORE 3 -FLAGS (\Seen)' >/dev/null
answer imap-by-hand flagged "$(imap 'c FETCH 1:* (FLAGS)' | sed -n 's/^\* \([0-9]*\) FETCH.*Flagged.*/\1/p')"

# Knocked at with telnet and nc alone, and openssl only where there was silence or STARTTLS.
. /srv/slips/house.txt
for port in 993 143 587 465 25; do
  case $port in *3) ask='a CAPABILITY' ;; *) ask='EHLO me' ;; esac
  if ! nc -z "$house" $port; then answer doors port-$port closed; continue; fi
  seen=$({ sleep 1; echo "$ask"; sleep 1; } | timeout 4 nc -C "$house" $port | tr -d '\0' || true)
  case $seen in
    *STARTTLS*) answer doors port-$port starttls; how="$port -starttls $([[ $port = *3 ]] && echo imap || echo smtp)" ;;
    220*|'* OK'*) answer doors port-$port clear ;;
    *) answer doors port-$port tls; how=$port ;;
  esac
done
answer doors certificate "$(openssl s_client -connect "$house":$how </dev/null 2>/dev/null | openssl x509 -noout -subject | sed 's/.*CN *= *//')."
