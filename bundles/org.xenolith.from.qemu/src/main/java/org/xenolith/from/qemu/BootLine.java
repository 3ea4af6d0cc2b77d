// SPDX-License-Identifier: EPL-2.0
package org.xenolith.from.qemu;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;

/** The line of ours as it is put together, and what is to be said of it. */
final class BootLine {
  /** What the machine is and runs. */
  private final List<String> head = new ArrayList<>();
  private final List<String> words = new ArrayList<>();
  private final Set<String> otherwise = new LinkedHashSet<>();
  private final Set<String> missing = new LinkedHashSet<>();
  private final Set<String> silent = new LinkedHashSet<>();
  private String board = "";
  private String controller = "";
  private int slots;
  private boolean bridge;

  /** The board that it is. */
  void board(String name) {
    board = name;
  }

  /** Whether it is one of Arm's. */
  boolean arm() {
    return !board.startsWith("pc");
  }

  /** The interrupt controller's version, if it is said. */
  void controller(String version) {
    controller = version;
  }

  /** Adds an option with its value. */
  void add(String option, String value) {
    words.add("--" + option);
    words.add(value);
  }

  /** Adds an option of what the machine is, before others. */
  void head(String option, String value) {
    head.add("--" + option);
    head.add(value);
  }

  /** Adds an option of what the machine is that is given or not. */
  void flag(String option) {
    head.add("--" + option);
  }

  /** Adds an option with its value, if it isn't empty, in one word, as options without one need it. */
  void joined(String option, String value) {
    words.add("--" + option + (value.isEmpty() ? "" : "=" + value));
  }

  /** A slot for a PCI device of ours. @param model as our option has it */
  String slot(String model) {
    String slot = ++slots + ".0";
    // A board with the third version of its controller has one by itself.
    if (!bridge && !(arm() && controller.equals("3"))) {
      add("pcie", "ecam");
    }
    bridge = true;
    add("pci", slot + "=" + model);
    return slot;
  }

  /** Something is otherwise here. */
  void otherwise(Object what, String why) {
    otherwise.add(what + ": " + why);
  }

  /** Something that the guest would have isn't there. */
  void missing(Object what, String why) {
    missing.add(what + ": " + why);
  }

  /** An option that says nothing to the guest. */
  void silent(Object what) {
    silent.add(what.toString());
  }

  /** Whether nothing is missing. */
  boolean whole() {
    return missing.isEmpty();
  }

  /** The words behind {@code boot}. */
  List<String> words() {
    List<String> all = new ArrayList<>(List.of(board));
    all.addAll(head);
    all.addAll(words);
    return all;
  }

  /** The line, as a shell reads it. */
  String line() {
    StringJoiner line = new StringJoiner(" ", "./xenolith boot ", "");
    words().forEach(each -> line.add(ShellWords.quoted(each)));
    return line.toString();
  }

  /** What is to be said, a line each. */
  List<String> comments() {
    List<String> lines = new ArrayList<>();
    missing.forEach(each -> lines.add("missing: " + each));
    otherwise.forEach(each -> lines.add("otherwise: " + each));
    if (!silent.isEmpty()) {
      lines.add("without effect on the guest: " + String.join(", ", silent));
    }
    return lines.stream().map(each -> each.replace(ShellWords.PUT_IN, '$').replace("\n", " ")).toList();
  }
}
