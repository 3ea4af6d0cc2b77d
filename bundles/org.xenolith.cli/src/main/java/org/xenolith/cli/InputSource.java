// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import org.xenolith.command.api.HostReason;
import org.xenolith.launch.kit.ConsoleEnd;
import org.xenolith.machine.control.Machine;

/** Where a guest's console input comes from: a terminal's keys, standard input if asked for, or nowhere. */
interface InputSource extends AutoCloseable {
  /**
   * Opens what fits; closing it gives the terminal back.
   *
   * @param shown what is shown at the terminal: of the guest, and of the machine
   * @param quit   ends the run, whatever the machine does
   */
  static InputSource open(boolean terminal, BootCommand request, ConsoleEnd end, List<HeldOutput> shown, Machine machine,
      Installed installed,
      Runnable quit) throws IOException {
    if (!end.present() || request.replay != null) {
      return () -> {};
    }
    if (terminal) {
      return new TerminalConsole(end, new Monitor(machine, installed.change(), installed.prompt(), quit), shown);
    }
    return request.stdin ? stream(System.in, end, machine) : () -> {};
  }

  private static InputSource stream(InputStream in, ConsoleEnd end, Machine machine) {
    Thread reader = new Thread(() -> {
      byte[] buffer = new byte[256];
      try {
        for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
          end.type(Arrays.copyOf(buffer, n));
        }
        // nobody is left to wait for
        machine.post(() -> machine.governor(false));
      } catch (IOException e) {
        end.lost("standard input: " + HostReason.of(e).text());
      }
    }, "console input");
    reader.setDaemon(true);
    reader.start();
    return () -> {};
  }

  /** Tells a person something of the machine, which stands still, and gives them the prompt. Any thread. */
  default void prompt(String text) {}

  /** Whether there is a person who can have one. */
  default boolean attended() {
    return false;
  }

  @Override
  void close();
}
