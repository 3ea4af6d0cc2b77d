// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.xen.abi.XenErrno;

/**
 * The words behind a command of {@code xl(1)}, with its options told apart from them wherever they stand.
 *
 * @param options  those that are served, without their hyphens, by the short name
 * @param file     the file that {@code -f} names
 * @param words    the other words, in their order
 * @param warnings what was left out, a line each
 */
record XlOptions(Set<String> options, StringBuilder file, List<String> words, List<String> warnings) {
  /** Long names of options that have a short one. */
  private static final Map<String, String> SHORT = Map.ofEntries(Map.entry("long", "l"), Map.entry("verbose", "v"), Map.entry("context",
      "Z"), Map.entry("cpupool", "c"), Map.entry("numa", "n"), Map.entry("node", "n"), Map.entry("quiet", "q"), Map.entry("dryrun", "n"),
      Map.entry("defconfig", "f"), Map.entry("vncviewer", "V"), Map.entry("vncviewer-autopass", "A"), Map.entry("all", "a"), Map.entry(
          "clear", "c"));
  private static final String LONG = "--";
  /** xl's own option for a file. */
  private static final String FILE = LONG + "defconfig";
  /** Options that are served, by command. */
  private static final Map<String, String> SERVED = Map.of("create", "pqn", "list", "v", "dmesg", "c", "shutdown", "a", "reboot", "a");
  /** Options that xl knows and that aren't served, and what to do instead. */
  private static final Map<String, Map<String, String>> LEFT_OUT = Map.ofEntries(
      Map.entry("create", Map.of("c", "\"xl console DOMAIN\" makes the terminal the domain's console", "F",
          "there is no process to keep in front",
          "e", "nobody waits for the domain here", "V", "there is no VNC", "A", "there is no VNC", "ignore-global-affinity-masks",
          "there are no such masks")),
      Map.entry("list", Map.of("l", "there is no JSON of domains; the table follows", "Z", "there are no security labels", "c",
          "there is one pool of CPUs", "n", "there is one node")),
      Map.entry("shutdown", Map.of("w", "commands don't wait; \"xl list\" shows when it is gone", "F",
          "there is no ACPI event to fall back to")),
      Map.entry("reboot", Map.of("w", "commands don't wait; \"xl list\" shows it again", "F", "there is no ACPI event to fall back to")),
      Map.entry("destroy", Map.of("f", "only the guests' domains can be destroyed")),
      Map.entry("console", Map.of("t", "each domain has one console", "n", "each domain has one console", "e", "the escape key is Ctrl-]")),
      Map.entry("info", Map.of("n", "there is one node")), Map.entry("vcpu-set", Map.of("i", "what the host has sets no limit")),
      Map.entry("block-detach", Map.of("force", "devices go when their front ends let them go")), Map.entry("pci-assignable-add", Map.of(
          "q",
          "what is set aside already is named")), Map.entry("pci-assignable-remove", Map.of("r",
              "there is no driver of Dom0's to give it back to")));

  /**
   * Tells options apart.
   *
   * @param command the command
   * @param all     all words behind it
   * @throws HypervisorException if an option isn't xl's
   */
  static XlOptions of(String command, List<String> all) {
    XlOptions result = new XlOptions(new TreeSet<>(), new StringBuilder(), new ArrayList<>(), new ArrayList<>());
    for (int i = 0; i < all.size(); i++) {
      String word = all.get(i);
      if (command.equals("create") && (word.equals("-f") || word.equals(FILE)) && i + 1 < all.size()) {
        result.file.append(all.get(++i));
      } else if (command.equals("create") && word.startsWith(FILE + '=')) {
        result.file.append(word.substring(FILE.length() + 1));
      } else if (word.startsWith(LONG)) {
        String name = word.substring(2);
        result.option(command, word, SHORT.getOrDefault(name, name));
      } else if (word.matches("-[a-zA-Z]+")) {
        word.substring(1).chars().forEach(letter -> result.option(command, "-" + (char) letter, Character.toString(letter)));
      } else {
        result.words.add(word);
      }
    }
    return result;
  }

  private void option(String command, String written, String option) {
    String instead = LEFT_OUT.getOrDefault(command, Map.of()).get(option);
    if (option.length() == 1 && SERVED.getOrDefault(command, "").contains(option)) {
      options.add(option);
    } else if (instead != null) {
      warnings.add("warning: " + command + ": " + written + " isn't supported and left out: " + instead + "\n");
    } else {
      throw new HypervisorException(-XenErrno.XEN_EINVAL, command + ": there is no option " + written + "; usage: xl "
          + Commands.USAGE.get(command));
    }
  }

  boolean has(String option) {
    return options.contains(option);
  }

  /** The warnings, as text before the command's own. */
  String said() {
    return String.join("", warnings);
  }
}
