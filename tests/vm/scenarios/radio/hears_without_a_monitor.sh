# Where the kernel has no advertisement monitor left, mi32 scans by a raw HCI socket, beside those who have
# them; when they are given back the kernel ends the scan, and mi32 begins it again. Another program
# switches the adapter off: then mi32 gets a monitor.
start_vradio
mkfifo /run/monitors
monitors </run/monitors >/run/monitors.log 2>&1 &
exec 4>/run/monitors
soon "all monitors are taken" has /run/monitors.log '^taken'
start_mi32
soon "it listens" has /run/mi32.log 'hci0 listens: hci, passive'
soon "and hears" hears 211
echo >&4
soon "they are given back" has /run/monitors.log '^given back'
soon "and hears on" hears 212
hciconfig hci0 down
soon "switched off: said" has /run/mi32.log 'was switched off by another program'
soon "then it listens by a monitor" has /run/mi32.log 'hci0 listens: monitor'
soon "and hears" hears 213
expect "scanned passively, duplicates unfiltered" has /run/commands '^scan on passive dup-filter=0 accept-list=0'
expect "never actively" has_not /run/commands 'scan on active'
