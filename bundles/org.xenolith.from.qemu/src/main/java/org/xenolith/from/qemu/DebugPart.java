// SPDX-License-Identifier: EPL-2.0
package org.xenolith.from.qemu;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xenolith.from.qemu.QemuLine.Option;

/** Options {@code S s gdb serial}: debuggers, and what is done with the console. */
final class DebugPart {
  private static final Pattern PORT = Pattern.compile("(?:tcp:)?([^:,]*):(?::)?([0-9]+)(?:,.*)?");
  private final BootLine boot;
  private boolean halted;
  private String port = "";
  private boolean waits;

  DebugPart(BootLine boot) {
    this.boot = boot;
  }

  void addTo(OptionTable table) {
    table.put("S", option -> halted = true);
    table.put("s", option -> waits = true);
    table.put("gdb", this::gdb);
    table.put("serial", this::serial);
  }

  private void gdb(Option option) {
    Matcher matcher = PORT.matcher(option.value());
    if (option.value().equals("none")) {
      boot.silent(option);
    } else if (matcher.matches()) {
      waits = true;
      port = matcher.group(1).isEmpty() || matcher.group(1).matches("localhost|127.0.0.1") ? matcher.group(2) : matcher.group(1) + ":"
          + matcher.group(2);
      if (matcher.group(1).isEmpty()) {
        boot.otherwise(option, "the port is open for this computer alone, unless an address is said");
      }
    } else {
      boot.missing(option, "a debugger comes by a port: --gdb PORT");
    }
  }

  private void serial(Option option) {
    String value = option.value();
    if (value.matches("(mon:)?stdio|null|none|vc.*|chardev:.*")) {
      boot.silent(option);
    } else if (value.startsWith("file:")) {
      boot.otherwise(option, "the console is shown on standard output: > " + value.substring("file:".length()));
    } else {
      boot.missing(option, "the console is standard input and output (--stdin feeds one that is no terminal)");
    }
  }

  /** All has been read. */
  void end() {
    if (waits || halted) {
      boot.joined("gdb", port + (halted ? (port.isEmpty() ? "" : ",") + "halted" : ""));
    }
    if (halted && !waits) {
      boot.otherwise("-S", "the machine waits for a debugger (--gdb halted); QEMU's waits for its monitor");
    }
  }
}
