#!/bin/bash
# after: start
# Another way of being right: each zone named, AAAA before A, another preference and TTL, a subdomain besides; host
# and getent instead of dig, answers in capitals and with a long IPv6 address.
# on: desk
set -e
domain=$(hostname -d)
. /srv/slips/server.txt
. /srv/slips/dns.txt
pointer() { python3 -c "import ipaddress, sys; print(ipaddress.ip_address(sys.argv[1]).reverse_pointer)" "$1"; }
in_zone() { printf '%s\n' 'server ns.nic.test' "zone $1" "${@:2}" send | nsupdate -k ~/registrar.key; }

in_zone "$domain" "update add $name 60 AAAA $ipv6"
in_zone "$domain" "update add $name 60 A $ipv4" "update add www.$domain 60 CNAME $name"
in_zone "$domain" "update add $domain 60 MX 5 $name"
in_zone 8.b.d.0.1.0.0.2.ip6.arpa "update add $(pointer "$ipv6") 60 PTR $name"
p=$(pointer "$ipv4")
in_zone "${p#*.*.}" "update add $p 60 PTR $name"

read -r _ _ _ _ _ preference exchanger < <(host -t MX "$mx" | sort -nk6)
answer ask-the-dns preference "$preference.0"
answer ask-the-dns exchanger "${exchanger^^}"
record=$(host -t TXT "$spf" | sed -n 's/.*"\(v=spf1.*\)".*/\1/p')
answer ask-the-dns spf "$record"
answer ask-the-dns strangers "$(case $record in *-all) echo refuse ;; *~all) echo suspect ;; *\?all) echo nothing ;; *) echo silent ;; esac)"
target=$(host -t MX "$reverse" | sort -nk6 | awk 'NR == 1 { print $NF }')
address=$(getent "ahosts${family/IP/}" "$target" | awk '{ print $1; exit }')
answer ask-the-dns address "$(python3 -c "import ipaddress, sys; print(ipaddress.ip_address(sys.argv[1]).exploded)" "$address" | sed 's/^0*//')"
answer ask-the-dns reverse "$(host "$address" | awk '{ print $NF }' | tr a-z A-Z)"

# SMTP under STARTTLS, with openssl, and a 550 for a forged From on the way.
. /srv/slips/letter.txt
call() { coproc TLS { openssl s_client -quiet -crlf -starttls smtp -connect "$1:25" 2>/dev/null; }; }
hear() { while IFS= read -r heard <&"${TLS[0]}"; do [[ $heard != ???-* ]] && break; done; }
say() { sleep 1; printf '%s\n' "$1" >&"${TLS[1]}"; hear; }
letter() {
  say DATA
  printf '%s\n' "From: $1" 'To: undisclosed-recipients:;' "Date: $(date -R)" '' 'Hello.' >&"${TLS[1]}"
  say .
}
call mx.copine.test
# openssl has greeted already; its last answer may still be on its way here.
sleep 1
say "EHLO mail.$domain"
until [[ $heard == 250* ]]; do hear; done
say "MAIL FROM:<$from> SIZE=1000"
say "RCPT TO:<$to>"
if [[ $heard == 451* ]]; then sleep 15; say "RCPT TO:<$to>"; fi
letter 'Boss <boss@copine.test>'
[[ $heard == 550* ]]
say "MAIL FROM:<$from>"
say "RCPT TO:<$to>"
letter 'postcard@seaside.test'
[[ $heard == 250* ]]
say "MAIL FROM:<$from>"
say 'RCPT TO:<debordante@copine.test>'
say QUIT
answer read-the-replies again "$(sed -n 's/^\(.\)  4.*/\1/p' /srv/slips/replies.txt | paste -sd' ' | sed 's/ \(.\)$/ et \1/')"
answer read-the-replies told envelope

# A program that speaks IMAP, told to leave no trace.
until [ -s ~/mailboxes.txt ]; do sleep 0.2; done
python3 - > /tmp/read <<'END'
import imaplib, os, re, ssl
line = next(l for l in open(os.path.expanduser('~/mailboxes.txt')) if '@agrume.test' in l)
address, password, host = line.split()
box = imaplib.IMAP4_SSL(host, ssl_context=ssl._create_unverified_context())
box.login(address, password)
box.select('INBOX', readonly=True)
print(re.search(rb': (\w+)', box.fetch('3', '(BODY[TEXT])')[1][0][1]).group(1).decode())
print(box.search(None, 'FLAGGED')[1][0].decode())
END
{ read -r word; read -r flagged; } < /tmp/read
answer imap-by-hand word "$word"
answer imap-by-hand flagged "$flagged"

# The five doors with Python, which tries TLS first and STARTTLS last.
. /srv/slips/house.txt
python3 - "$house" > /tmp/doors <<'END'
import imaplib, smtplib, socket, ssl, subprocess, sys
house = sys.argv[1]
context = ssl._create_unverified_context()
def called(sock):
    der = sock.getpeercert(True)
    text = subprocess.run(['openssl', 'x509', '-inform', 'der', '-noout', '-subject', '-nameopt', 'multiline'], input=der, capture_output=True).stdout.decode()
    return text.split('commonName')[1].split('=')[1].strip()
def stands(port):
    try:
        socket.create_connection((house, port), 2).close()
    except ConnectionRefusedError:
        return 'closed', ''
    try:
        return 'tls', called(context.wrap_socket(socket.create_connection((house, port), 5)))
    except ssl.SSLError:
        pass
    try:
        if port in (143, 993):
            box = imaplib.IMAP4(house, port)
            box.starttls(context)
        else:
            box = smtplib.SMTP(house, port)
            box.starttls(context=context)
        return 'starttls', called(box.sock)
    except (imaplib.IMAP4.error, smtplib.SMTPException):
        return 'clear', ''
for port in (25, 465, 587, 143, 993):
    print(port, *stands(port))
END
while read -r port how name; do
  answer doors "port-$port" "$how"
  [ -z "$name" ] || answer doors certificate "$name"
done < /tmp/doors
