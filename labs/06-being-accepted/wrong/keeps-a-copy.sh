#!/bin/bash
# fails: no-backscatter backscatter
# after: start
# Who keeps a copy at home and lets the rest go on to the address that is gone.
set -e
for file in $(grep -l nobody-here@agrume.test /home/*/.forward); do
  person=$(basename "$(dirname "$file")")
  echo "\\$person, nobody-here@agrume.test" > "$file"
done
