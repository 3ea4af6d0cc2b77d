package org.xenolith.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.Arrays;
import org.xenolith.machine.control.Machine;

/** Where a guest's console input comes from: a terminal's keys, standard input if wished, or nowhere. */
interface InputSource extends AutoCloseable {
  /** Opens what fits; closing it gives the terminal back. */
  static InputSource open(boolean terminal, BootCommand wish, String place, Machine machine, Installed installed,
      PrintWriter err) throws IOException {
    if (place.isEmpty() || wish.replay != null) {
      return () -> { };
    }
    if (terminal) {
      return new TerminalConsole(machine, place, new Monitor(machine, installed.change(), installed.prompt()));
    }
    return wish.stdin ? stream(System.in, place, machine) : () -> { };
  }

  private static InputSource stream(InputStream in, String place, Machine machine) {
    Thread reader = new Thread(() -> {
      byte[] buffer = new byte[256];
      try {
        for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
          machine.input("serial", place, Arrays.copyOf(buffer, n));
        }
        // nobody is left to wait for
        machine.post(() -> machine.governor(false));
      } catch (IOException e) {
        machine.eventLog().report("input-lost", place, "standard input: " + e.getMessage());
      }
    }, "console input");
    reader.setDaemon(true);
    reader.start();
    return () -> { };
  }

  @Override void close();
}
