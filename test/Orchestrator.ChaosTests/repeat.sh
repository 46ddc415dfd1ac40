#!/usr/bin/env bash
# Runs every chaos scenario again and again, and stops at the first that fails: test/Orchestrator.ChaosTests/repeat.sh [TIMES], 20 by default.
# Prints a line a run: how many scenarios passed, and what the checker counted in all of them together. A failing run's output stays in the file that is named.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
times=${1:-20}
dotnet build --nologo --verbosity quiet || exit 1
out=$(mktemp)
for ((run = 1; run <= times; run++)); do
  dotnet test --no-build --filter 'FullyQualifiedName~FaultTests|FullyQualifiedName~PointOfDeathTests|FullyQualifiedName~ServerRestartTests' --logger 'console;verbosity=detailed' >"$out" 2>&1
  failed=$?
  passed=$(grep -cE '^  Passed ' "$out")
  sums=$(grep -oE '^ Verdict \{[^}]*' "$out" | awk '{ gsub(/,/, ""); e += $5; l += $8; t += $11; p += $14; o += $17 }
    END { printf "%d events, %d lost, %d twice, %d phantom, %d out of order", e, l, t, p, o }')
  printf 'run %2d: %s scenarios passed; %s\n' "$run" "$passed" "$sums"
  if [ "$failed" -ne 0 ] || [ "$passed" -eq 0 ]; then
    echo "run $run failed; its output: $out"
    exit 1
  fi
done
rm -f "$out"
echo "$times runs, each scenario passed in all of them"
