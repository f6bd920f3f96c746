#!/bin/bash
# fails: three-a-second all-in-one
# after: solution
# Who spares the pace by writing one letter to all of them.
set -e
sendmail -f "sasha@$(hostname -d)" $(cat /root/invited.txt) <<END
From: sasha@$(hostname -d)
To: undisclosed-recipients:;
Date: $(date -R)
Subject: Come to our summer party

On Saturday, at six, in the yard.
END
for i in $(seq 60); do mailq | grep -q agrume.test || break; sleep 0.5; done
