"""interrupt.py PATH COMMAND...: Ctrl-C when the file or folder appears."""

import os
import signal
import subprocess
import sys
import time

process = subprocess.Popen(sys.argv[2:], stdout=subprocess.DEVNULL,
                           stderr=subprocess.PIPE, text=True)
while process.poll() is None and not os.path.exists(sys.argv[1]):
    time.sleep(0.0001)
process.send_signal(signal.SIGINT)
print(process.communicate()[1])
print("exit code", process.returncode)
