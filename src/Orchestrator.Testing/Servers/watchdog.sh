# Runs a cluster for as long as standard input is open: when the owner ends, however it ends, the pipe closes, and the server is stopped and deleted.
# Arguments: the cluster's folder, pg_ctl, the seconds that starting may take; then the command that changes to the server's account, which may be empty.
# Standard input: one line a command: "restart immediate" or "restart fast". Standard output: one line an answer: "ok", or "failed".

folder=$1
pg_ctl=$2
seconds=$3
shift 3

# Ctrl+C reaches the whole process group: the owner reacts to it and needs the server while it drains.
trap '' INT TERM HUP QUIT

control() {
  if "$@" "$pg_ctl" -s -w -t "$seconds" -D "$folder/data" -l "$folder/log" $verb </dev/null >>"$folder/control" 2>&1; then
    echo ok
  else
    echo failed
  fi
}

verb=start
control "$@"
while read -r verb mode; do
  verb="$verb -m $mode"
  control "$@"
done

"$@" "$pg_ctl" -s -w -D "$folder/data" -m immediate stop </dev/null >/dev/null 2>&1
rm -rf "$folder"
