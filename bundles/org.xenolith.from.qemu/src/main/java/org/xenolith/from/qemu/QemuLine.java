// SPDX-License-Identifier: EPL-2.0
package org.xenolith.from.qemu;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.xenolith.command.api.BadInput;

/**
 * A command line of QEMU's: its program, and its options in their order. Source: QEMU 7.2, System Emulation, Invocation.
 *
 * @param program without its folder
 * @param options each with its argument; an image that is named alone is {@code hda}'s
 */
record QemuLine(String program, List<Option> options) {
  /**
   * An option.
   *
   * @param name  without dashes; empty of a word that the shell puts in, whatever that is
   * @param value its argument; empty of one that has none
   */
  record Option(String name, String value) {
    @Override
    public String toString() {
      return ((name.isEmpty() ? "" : "-" + name) + (name.isEmpty() || value.isEmpty() ? "" : " ") + value).replace(ShellWords.PUT_IN, '$');
    }
  }

  /** Options without an argument. */
  private static final Set<String> ALONE = Set.of("nographic", "enable-kvm", "no-kvm", "no-reboot", "no-shutdown", "S", "s", "snapshot",
      "daemonize",
      "nodefaults", "no-user-config", "no-acpi", "no-hpet", "no-fd-bootchk", "full-screen", "usb", "win2k-hack", "semihosting", "version",
      "h", "help",
      "only-migratable", "preconfig", "singlestep", "curses", "sdl", "no-quit", "no-frame", "alt-grab", "ctrl-grab", "portrait",
      "mem-prealloc",
      "enable-fips", "localtime", "one-insn-per-tb", "hax", "enable-hax");
  /** What stands before the program in scripts. */
  private static final Set<String> BEFORE = Set.of("sudo", "exec", "time", "nohup", "env", "$");

  /** Reads words. @throws BadInput if they aren't a command line of QEMU's */
  static QemuLine of(List<String> words) {
    int at = 0;
    while (at < words.size() && (BEFORE.contains(words.get(at)) || words.get(at).matches("[A-Za-z_][A-Za-z0-9_]*=.*") || at > 0 && words
        .get(at)
        .matches("-[EnH]"))) {
      at++;
    }
    if (at == words.size()) {
      throw new BadInput("from-qemu: there is no program in this line; expected qemu-system-aarch64 or qemu-system-x86_64 and its options");
    }
    String program = words.get(at++).replaceFirst(".*/", "");
    List<Option> options = new ArrayList<>();
    for (; at < words.size(); at++) {
      String word = words.get(at);
      String name = word.replaceFirst("^--?", "");
      boolean argument = at + 1 < words.size() && !ALONE.contains(name);
      if (word.matches(ShellWords.PUT_IN + "(\\{?\\w+}?|[@*])")) {
        options.add(new Option("", word));
      } else if (!word.startsWith("-") || word.length() == 1) {
        options.add(new Option("hda", word));
      } else if (argument) {
        options.add(new Option(name, words.get(++at)));
      } else if (ALONE.contains(name)) {
        options.add(new Option(name, ""));
      } else {
        throw new BadInput("from-qemu: the argument of " + word + " is missing, at the end of the line");
      }
    }
    return new QemuLine(program, List.copyOf(options));
  }
}
