# Without capabilities mi32 says once which right is missing and how to grant it, and does not end.
start_vradio
setcap -r /usr/local/bin/mi32 2>/dev/null || true
mkdir -p /run/user
chown user /run/user
as_user mi32 run --json --data /run/user/mi32 >/run/mi32.out 2>/run/mi32.log &
soon "it says what helps" has /run/mi32.log 'may not control Bluetooth adapters.*setcap cap_net_admin,cap_net_raw'
sleep 6
same "times it was said" "$(count /run/mi32.log setcap)" 1
expect "it runs on" mi32_says Help
expect "the controller was not touched" has_not /run/commands 'scan on'
