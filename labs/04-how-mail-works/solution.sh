#!/bin/bash
# What a good participant types on the desk, task by task.
# on: desk
set -e
domain=$(hostname -d)
. /srv/slips/server.txt
. /srv/slips/dns.txt

# --- a-name-for-the-server --------------------------------------------------------------------------------
# The name under which the PTR of an address stands: dig shows it in its question.
reverse_name() { dig -x "$1" | awk '/^;.*PTR/ { print substr($1, 2) }'; }

nsupdate -k ~/registrar.key <<END
server ns.nic.test
zone $domain
update add $name. 300 A $ipv4
update add $name. 300 AAAA $ipv6
update add $domain. 300 MX 10 $name.
send
END
for address in "$ipv4" "$ipv6"; do
  nsupdate -k ~/registrar.key <<END
server ns.nic.test
update add $(reverse_name "$address") 300 PTR $name.
send
END
done

# --- ask-the-dns ------------------------------------------------------------------------------------------
read -r preference exchanger < <(dig +short "$mx" MX | sort -n)
answer ask-the-dns preference "$preference"
answer ask-the-dns exchanger "$exchanger"

record=$(dig +short "$spf" TXT | grep spf1)
answer ask-the-dns spf "$record"
case $record in
  *-all\") answer ask-the-dns strangers refuse ;;
  *~all\") answer ask-the-dns strangers suspect ;;
  *\?all\") answer ask-the-dns strangers nothing ;;
  *) answer ask-the-dns strangers silent ;;
esac

host=$(dig +short "$reverse" MX | sort -n | head -1 | cut -d' ' -f2)
case $family in IPv4) type=A ;; IPv6) type=AAAA ;; esac
address=$(dig +short "$host" "$type")
answer ask-the-dns address "$address"
answer ask-the-dns reverse "$(dig +short -x "$address")"

# --- smtp-by-hand, read-the-replies -----------------------------------------------------------------------
. /srv/slips/letter.txt
# A conversation, as people hold it: hear the answer out, think for a second, type a line.
call() { coproc NC { nc -C "$1" 25; }; hear; }
hear() { while IFS= read -r heard <&"${NC[0]}"; do [[ $heard != ???-* ]] && break; done; }
say() { sleep 1; printf '%s\n' "$1" >&"${NC[1]}"; hear; }

call mx.copine.test
say "EHLO $(hostname -f)"
say "MAIL FROM:<$from>"
say "RCPT TO:<$to>"
if [[ $heard == 451* ]]; then
  sleep 15
  say "RCPT TO:<$to>"
fi
say DATA
printf '%s\n' 'From: The Moon <lune@espace.test>' 'To: Nobody <nobody@nowhere.test>' 'Subject: By hand' '' \
  'The envelope is not the letter.' >&"${NC[1]}"
say .
[[ $heard == 250* ]]
say QUIT

call mx.grosmail.test
say "EHLO $(hostname -f)"
say "MAIL FROM:<$from>"
say "RCPT TO:<overflowing@grosmail.test>"
[[ $heard == 4* ]]
say "RCPT TO:<friend@elsewhere.test>"
[[ $heard == 5* ]]
say QUIT
answer read-the-replies again "$(awk '$2 ~ /^4/ { printf "%s ", $1 }' /srv/slips/replies.txt)"
answer read-the-replies told envelope

# --- imap-by-hand -----------------------------------------------------------------------------------------
until [ -s ~/mailboxes.txt ]; do sleep 0.2; done
read -r address password host < <(grep '@agrume.test' ~/mailboxes.txt)
imap() {
  printf '%s\n' "a LOGIN $address $password" "$@" 'z LOGOUT' |
    openssl s_client -quiet -crlf -connect "$host:993" 2>/dev/null | tr -d '\r'
}
letter=$(imap 'b EXAMINE INBOX' 'c FETCH 3 BODY.PEEK[TEXT]')
answer imap-by-hand word "$(sed -n 's/^The word is.* : //p' <<<"$letter")"
answer imap-by-hand flagged "$(imap 'b EXAMINE INBOX' 'c SEARCH FLAGGED' | sed -n 's/^\* SEARCH //p')"

# --- doors ------------------------------------------------------------------------------------------------
. /srv/slips/house.txt
certificate() { timeout 5 openssl s_client -connect "$house:$1" ${2:+-starttls "$2"} -brief </dev/null 2>&1 | sed -n 's/^Peer certificate: CN *= *//p'; }
for port in 25 465 587 143 993; do
  case $port in *3) speaks=imap ;; *) speaks=smtp ;; esac
  if ! nc -zw2 "$house" $port 2>/dev/null; then stands=closed
  elif name=$(certificate $port) && [ -n "$name" ]; then stands=tls called=$name
  elif name=$(certificate $port $speaks) && [ -n "$name" ]; then stands=starttls called=$name
  else stands=clear
  fi
  answer doors port-$port $stands
done
answer doors certificate "$called"
