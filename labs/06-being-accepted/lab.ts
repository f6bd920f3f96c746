import type { LabData } from '../../checker/step.ts'
import { solutions } from './tasks/solutions.ts'

export const lab: LabData = {
  title: { en: 'Being accepted by the others', fr: 'Se faire accepter par les autres' },
  summary: {
    en: 'SPF, DKIM, DMARC, reverse names, pace, blocklists and checked TLS: what the big ones ask of a small server.',
    fr: 'SPF, DKIM, DMARC, noms inverses, rythme, listes noires et TLS vérifié : ce que les gros demandent à un petit serveur.',
  },
  minutes: 300,
  machines: ['server', 'desk'],
  follows: '05-fifty-users',
  tasks: [
    {
      id: 'spf',
      title: { en: 'SPF: who may send', fr: 'SPF : qui a le droit d’envoyer' },
      goal: {
        en: 'Publish which addresses send mail for your domain. You know it when grosmail.test says spf=pass for your members’ mail, from each of your addresses, and spf=fail for a stranger’s in your name.',
        fr: 'Publiez quelles adresses envoient le courrier de votre domaine. C’est gagné quand grosmail.test dit spf=pass pour celui de vos membres, depuis chacune de vos adresses, et spf=fail pour celui d’un inconnu en votre nom.',
      },
      hints: [
        {
          en: 'SPF is one TXT record at the domain that follows the @ of the envelope sender. Which domain is that: `mail.NAME.test`, or `NAME.test`?',
          fr: 'SPF est un enregistrement TXT, au domaine qui suit le @ de l’expéditeur d’enveloppe. Lequel est-ce : `mail.NOM.test`, ou `NOM.test` ?',
        },
        {
          en: 'Your server sends over IPv4 and IPv6. The word `mx` names both addresses of your mail server without writing them down; `-all` at the end says: nobody else.',
          fr: 'Votre serveur envoie en IPv4 et en IPv6. Le mot `mx` désigne les deux adresses de votre serveur de courrier sans les écrire ; `-all` à la fin dit : personne d’autre.',
        },
        {
          en: 'The record is `"v=spf1 mx -all"`. Send it with nsupdate from the desk as in step 4, then look: `dig +short TXT "$(hostname -d)"`.',
          fr: 'L’enregistrement est `"v=spf1 mx -all"`. Envoyez-le par nsupdate depuis le bureau, comme à l’étape 4, puis regardez : `dig +short TXT "$(hostname -d)"`.',
        },
      ],
      solution: solutions.spf,
    },
    {
      id: 'reverse-names',
      title: { en: 'A reverse name in IPv4 and IPv6', fr: 'Un nom inverse en IPv4 et en IPv6' },
      goal: {
        en: 'grosmail.test refuses part of your mail for the address that it comes from. Find out which, and mend it: it accepts over IPv4 and IPv6, or your server sends over IPv4 only.',
        fr: 'grosmail.test refuse une partie de votre courrier à cause de l’adresse d’où il vient. Trouvez laquelle, et réparez : il accepte en IPv4 et en IPv6, ou votre serveur n’envoie qu’en IPv4.',
      },
      hints: [
        {
          en: 'Read the refusal: `grep 5.7.25 /var/log/mail.log`. It names an address and what its PTR says.',
          fr: 'Lisez le refus : `grep 5.7.25 /var/log/mail.log`. Il nomme une adresse, et ce que dit son PTR.',
        },
        {
          en: '`dig -x ADDRESS` gives the name, `dig AAAA NAME` must give the address back. Hosting companies set a default of their own, and it often leads nowhere.',
          fr: '`dig -x ADRESSE` donne le nom, `dig AAAA NOM` doit rendre l’adresse. Les hébergeurs mettent d’office un nom à eux, qui souvent ne mène nulle part.',
        },
        {
          en: 'Replace the PTR with nsupdate from the desk: `update delete NAME PTR`, `update add NAME 300 PTR mail.NAME.test.` in one go. The other way is `postconf -P smtp/unix/inet_protocols=ipv4` on the server.',
          fr: 'Remplacez le PTR par nsupdate depuis le bureau : `update delete NOM PTR`, `update add NOM 300 PTR mail.NOM.test.` d’un seul envoi. L’autre voie est `postconf -P smtp/unix/inet_protocols=ipv4` sur le serveur.',
        },
      ],
      solution: solutions['reverse-names'],
    },
    {
      id: 'dkim',
      title: { en: 'DKIM: a signature, and a second key', fr: 'DKIM : une signature, puis une seconde clef' },
      goal: {
        en: 'What your members send is signed by your domain with a key of 2048 bits, and grosmail.test says dkim=pass. Then change the key once, without a letter being lost on the way: grosmail.test has seen signatures by both.',
        fr: 'Ce qu’envoient vos membres est signé par votre domaine avec une clef de 2048 bits, et grosmail.test dit dkim=pass. Puis changez de clef une fois, sans perdre une lettre en route : grosmail.test a vu des signatures des deux.',
      },
      hints: [
        {
          en: 'Three parts have to agree: the private key with which a program signs, the public key at SELECTOR._domainkey.NAME.test, and Postfix, which hands each message to that program (`smtpd_milters`).',
          fr: 'Trois choses doivent s’accorder : la clef privée avec laquelle un programme signe, la clef publique à SÉLECTEUR._domainkey.NOM.test, et Postfix, qui tend chaque message à ce programme (`smtpd_milters`).',
        },
        {
          en: 'Postfix lives in a chroot and doesn’t see /run/opendkim: let opendkim listen at `inet:8891@localhost`. `grep opendkim /var/log/mail.log` says “DKIM-Signature field added”.',
          fr: 'Postfix vit dans un chroot et ne voit pas /run/opendkim : faites écouter opendkim sur `inet:8891@localhost`. `grep opendkim /var/log/mail.log` dit « DKIM-Signature field added ».',
        },
        {
          en: 'To rotate: make a second pair under another selector, publish it, look with `dig`, only then change `Selector` and `KeyFile` and restart. The old record stays: mail signed by it is still under way.',
          fr: 'Pour changer : fabriquez une seconde paire sous un autre sélecteur, publiez-la, regardez avec `dig`, et seulement alors changez `Selector` et `KeyFile` et relancez. L’ancien enregistrement reste : du courrier qu’elle a signé est encore en route.',
        },
      ],
      solution: solutions.dkim,
    },
    {
      id: 'dmarc',
      title: {
        en: 'DMARC: refuse forgeries, and hear of them',
        fr: 'DMARC : refuser les faux, et en avoir des nouvelles',
      },
      goal: {
        en: 'Say what is to be done with mail that only claims to be yours: refuse it, and report. Forge one letter yourself from the desk, wait half a minute, and read in the report from which address it came.',
        fr: 'Dites ce qu’il faut faire du courrier qui prétend seulement être le vôtre : le refuser, et en rendre compte. Fabriquez vous-même une fausse lettre depuis le bureau, attendez une demi-minute, et lisez dans le rapport de quelle adresse elle venait.',
      },
      questions: [
        {
          id: 'source',
          kind: 'text',
          text: {
            en: 'Address of a source that fails both SPF and DKIM in a report of grosmail.test',
            fr: 'Adresse d’une source qui échoue à SPF et à DKIM dans un rapport de grosmail.test',
          },
        },
      ],
      hints: [
        {
          en: 'DMARC is one TXT record at `_dmarc.NAME.test`. The address in `rua=` must exist before anybody writes to it: an alias is enough.',
          fr: 'DMARC est un enregistrement TXT, à `_dmarc.NOM.test`. L’adresse de `rua=` doit exister avant qu’on y écrive : un alias suffit.',
        },
        {
          en: 'In life one begins with `p=none`, reads reports for some weeks, and then goes to `p=reject`. Here a day is half a minute. RFC 9989 has no `pct` any more: leave it out.',
          fr: 'Dans la vie, on commence par `p=none`, on lit les rapports quelques semaines, puis on passe à `p=reject`. Ici, un jour dure une demi-minute. La RFC 9989 n’a plus de `pct` : ne le mettez pas.',
        },
        {
          en: 'Forge with `swaks --tls --server mx.grosmail.test --from sasha@NAME.test --to you@grosmail.test` from the desk. The report is an attachment `.xml.gz`; `base64 -d` and `zcat` open it. Look for `<dkim>fail` and `<spf>fail` under one `<source_ip>`.',
          fr: 'Fabriquez-la avec `swaks --tls --server mx.grosmail.test --from sasha@NOM.test --to you@grosmail.test`, depuis le bureau. Le rapport est une pièce jointe `.xml.gz` ; `base64 -d` et `zcat` l’ouvrent. Cherchez `<dkim>fail` et `<spf>fail` sous une même `<source_ip>`.',
        },
      ],
      solution: solutions.dmarc,
    },
    {
      id: 'three-a-second',
      title: { en: 'Three a second', fr: 'Trois par seconde' },
      goal: {
        en: 'Send each of the sixty guests of `/root/invited.txt` an invitation of their own. agrume.test takes three messages a second and two connections: all sixty arrive, it never has to refuse one for haste, and it stays so when a member writes to several people at once.',
        fr: 'Envoyez à chacune des soixante personnes de `/root/invited.txt` une invitation à elle. agrume.test prend trois messages par seconde et deux connexions : les soixante arrivent, il n’a jamais à en refuser pour excès de vitesse, et cela reste vrai quand un membre écrit à plusieurs personnes d’un coup.',
      },
      hints: [
        {
          en: 'It is not the person who writes that has to slow down, but the server, for this one provider. In Postfix such rules belong to a *transport*: a line of master.cf that sends, with settings of its own.',
          fr: 'Ce n’est pas à la personne qui écrit de ralentir, mais au serveur, pour ce seul hébergeur. Chez Postfix, ces règles vont avec un *transport* : une ligne de master.cf qui envoie, avec ses propres réglages.',
        },
        {
          en: '`postconf -M` makes a second `smtp` under a name of yours; `NAME_destination_concurrency_limit` and `NAME_destination_rate_delay` are its settings; `transport_maps` says for whom it is.',
          fr: '`postconf -M` fabrique un second `smtp` sous un nom à vous ; `NOM_destination_concurrency_limit` et `NOM_destination_rate_delay` sont ses réglages ; `transport_maps` dit pour qui il est.',
        },
        {
          en: 'agrume.test wants SPF, DKIM and DMARC from everybody, so those come first. If some of the sixty were refused for haste, mend the transport and send all sixty again.',
          fr: 'agrume.test veut SPF, DKIM et DMARC de tout le monde : ils passent d’abord. Si une partie des soixante a été refusée pour excès de vitesse, réparez le transport et renvoyez les soixante.',
        },
      ],
      solution: solutions['three-a-second'],
    },
    {
      id: 'off-the-blocklist',
      title: { en: 'Off the blocklist', fr: 'Sortir de la liste noire' },
      goal: {
        en: 'fenetre.test takes nothing from you: your address is on a blocklist. Find out why, mend what still goes on, then ask to be let off. You know it when no address of yours is listed, nothing goes to the traps any more, and fenetre.test takes a letter.',
        fr: 'fenetre.test ne prend rien de vous : votre adresse est sur une liste noire. Trouvez pourquoi, réparez ce qui dure encore, puis demandez le retrait. C’est gagné quand aucune de vos adresses n’y est plus, que plus rien ne part vers les pièges, et que fenetre.test prend une lettre.',
      },
      hints: [
        {
          en: 'fenetre.test’s refusal names a page. `curl http://blocklist.test/ADDRESS` from the desk shows what was seen, and when last. Is it over?',
          fr: 'Le refus de fenetre.test nomme une page. `curl http://blocklist.test/ADRESSE` depuis le bureau montre ce qui a été vu, et quand pour la dernière fois. Est-ce fini ?',
        },
        {
          en: '`grep trap- /var/log/mail.log`: every few seconds a letter to a trap leaves from this machine, not from a member: `pickup`, `uid=0`. What runs here that you did not start? `ps axf`, `ls /etc/cron.d`.',
          fr: '`grep trap- /var/log/mail.log` : toutes les quelques secondes, une lettre part d’ici vers un piège, et pas d’un membre : `pickup`, `uid=0`. Qu’est-ce qui tourne ici sans que vous l’ayez lancé ? `ps axf`, `ls /etc/cron.d`.',
        },
        {
          en: 'Remove what starts it, end what runs, *and* delete what of it waits in `mailq`. Half a minute later ask for each of your addresses that is listed, IPv6 too: on the blocklist’s page, or with `curl -X POST http://blocklist.test/ADDRESS` from the desk.',
          fr: 'Retirez ce qui le lance, arrêtez ce qui tourne *et* supprimez ce qui en reste dans `mailq`. Une demi-minute plus tard, demandez pour chacune de vos adresses qui y est, IPv6 compris : sur la page de la liste noire, ou par `curl -X POST http://blocklist.test/ADRESSE` depuis le bureau.',
        },
      ],
      solution: solutions['off-the-blocklist'],
    },
    {
      id: 'no-backscatter',
      title: { en: 'No backscatter', fr: 'Pas de retours à des innocents' },
      goal: {
        en: 'Your server never sends a bounce to somebody who didn’t write. Unknown names are refused at the door, a member’s mail that still goes on to an address that is gone stays here, and bounces to your members are taken.',
        fr: 'Votre serveur n’envoie jamais d’avis de non-remise à qui n’a pas écrit. Les noms inconnus sont refusés à la porte, le courrier d’un membre qui repart encore vers une adresse disparue reste ici, et les avis de non-remise pour vos membres sont pris.',
      },
      hints: [
        {
          en: 'A bounce goes to the envelope sender, and spammers put somebody else there. Whatever you accept and can’t deliver hits a stranger. Does that happen? `grep status=bounced /var/log/mail.log`.',
          fr: 'Un avis de non-remise va à l’expéditeur d’enveloppe, et les spammeurs y mettent quelqu’un d’autre. Tout ce que vous acceptez sans pouvoir le livrer retombe sur quelqu’un qui n’y est pour rien. Est-ce le cas ? `grep status=bounced /var/log/mail.log`.',
        },
        {
          en: 'The line has `orig_to=` and `to=`: a member of yours, and where their mail goes on to. What makes it go on lies in their home.',
          fr: 'La ligne a `orig_to=` et `to=` : un de vos membres, et l’endroit vers où son courrier repart. Ce qui le fait repartir est dans son dossier personnel.',
        },
        {
          en: '`grep . /home/*/.forward` shows them all. The one to nobody-here@agrume.test has to go, whole: with a copy kept at home the other half still bounces.',
          fr: '`grep . /home/*/.forward` les montre tous. Celui vers nobody-here@agrume.test doit partir en entier : en gardant une copie sur place, l’autre moitié revient toujours.',
        },
      ],
      solution: solutions['no-backscatter'],
    },
    {
      id: 'checked-tls',
      title: { en: 'TLS that is checked', fr: 'Du TLS qu’on vérifie' },
      goal: {
        en: 'Let others be sure that it is you: a signed domain (DNSSEC), TLSA (DANE), an MTA-STS policy, an address for TLS reports. And check whom you speak to: copine.test reports good sessions with you, and your server keeps its letters from imposteur.test.',
        fr: 'Que les autres soient sûrs que c’est bien vous : domaine signé (DNSSEC), TLSA (DANE), politique MTA-STS, adresse pour les rapports TLS. Et vérifiez à qui vous parlez : copine.test rend compte de sessions réussies avec vous, et votre serveur ne remet pas ses lettres à imposteur.test.',
      },
      hints: [
        {
          en: 'Five things to publish: a certificate for `mail` and `mta-sts`, then TLSA at `_25._tcp.mail`; the DS at the registry (a button on the registrar’s page); the record `_mta-sts` and its file over HTTPS; the record `_smtp._tls`.',
          fr: 'Cinq choses à publier : un certificat pour `mail` et `mta-sts`, puis TLSA à `_25._tcp.mail` ; le DS au registre (un bouton sur la page du registrar) ; l’enregistrement `_mta-sts` et son fichier en HTTPS ; l’enregistrement `_smtp._tls`.',
        },
        {
          en: 'TLSA `3 1 1` is the SHA-256 of the public key. `--reuse-key` makes certbot keep that key at each renewal, or the record would be wrong in two months.',
          fr: 'TLSA `3 1 1` est le SHA-256 de la clef publique. `--reuse-key` fait garder cette clef à certbot à chaque renouvellement, sans quoi l’enregistrement serait faux dans deux mois.',
        },
        {
          en: 'For what you send: `smtp_dns_support_level = dnssec` and `smtp_tls_security_level = dane`, or Debian’s postfix-mta-sts-resolver. Then `mailq` shows “Server certificate not trusted” for imposteur.test.',
          fr: 'À l’envoi : `smtp_dns_support_level = dnssec` et `smtp_tls_security_level = dane`, ou postfix-mta-sts-resolver, de Debian. `mailq` montre alors « Server certificate not trusted » pour imposteur.test.',
        },
      ],
      solution: solutions['checked-tls'],
    },
    {
      id: 'outgoing-gateway',
      title: { en: 'An outgoing gateway', fr: 'Une passerelle de sortie' },
      goal: {
        en: 'The association’s letter is to leave by another address than its members’ mail: what the person named in `/root/secretary.txt` sends goes through smtp.relais.test, whose password is in `/srv/slips/relay.txt`. SPF and DMARC still pass.',
        fr: 'La lettre de l’association doit sortir par une autre adresse que le courrier de ses membres : ce qu’envoie la personne nommée dans `/root/secretary.txt` passe par smtp.relais.test, dont le mot de passe est dans `/srv/slips/relay.txt`. SPF et DMARC passent toujours.',
      },
      hints: [
        {
          en: 'Two things to tell Postfix: which sender goes another way (`sender_dependent_relayhost_maps`), and with which password (`smtp_sasl_password_maps`).',
          fr: 'Deux choses à dire à Postfix : quel expéditeur prend un autre chemin (`sender_dependent_relayhost_maps`), et avec quel mot de passe (`smtp_sasl_password_maps`).',
        },
        {
          en: 'The password file is looked up by the way itself, letter by letter: `[smtp.relais.test]:587`, brackets and port included. `no mechanism available` in the log: `libsasl2-modules` is missing.',
          fr: 'Dans le fichier de mots de passe, on cherche par le chemin lui-même, à la lettre : `[smtp.relais.test]:587`, crochets et port compris. `no mechanism available` dans le journal : il manque `libsasl2-modules`.',
        },
        {
          en: 'Somebody else sends in your name now: SPF has to say so, `include:relais.test` in the one record, before `-all`. The DKIM signature travels along.',
          fr: 'Quelqu’un d’autre envoie désormais en votre nom : SPF doit le dire, `include:relais.test` dans le même enregistrement, avant `-all`. La signature DKIM, elle, voyage avec la lettre.',
        },
      ],
      solution: solutions['outgoing-gateway'],
    },
  ],
}
