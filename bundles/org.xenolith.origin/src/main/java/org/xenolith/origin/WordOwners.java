// SPDX-License-Identifier: EPL-2.0
package org.xenolith.origin;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.xenolith.history.api.PastMachine;
import org.xenolith.machine.control.Machine;
import org.xenolith.origin.api.OwnedWord;
import org.xenolith.origin.api.StepNotes;
import org.xenolith.origin.api.WordOwner;

/** Asks all who know words of a machine; those that are there when it is asked. */
record WordOwners(Supplier<List<WordOwner>> all) {
  /** What somebody names by the name that an owner has; empty if none has it. */
  Optional<OwnedWord> word(PastMachine past, List<String> words) {
    return all.get().stream().filter(each -> !words.isEmpty() && each.names().contains(words.getFirst())).findFirst().map(each -> each.word(
        past.machine(), words));
  }

  /** What bytes of RAM are, in brackets behind a space; empty if nobody owns them. */
  String text(PastMachine past, long address, int length) {
    return what(past, address, length).map(text -> " (" + text + ')').orElse("");
  }

  /** What bytes of RAM are; empty if nobody owns them. */
  Optional<String> what(PastMachine past, long address, int length) {
    Machine machine = past.machine();
    return all.get().stream().flatMap(each -> each.text(machine, address, length).stream()).findFirst();
  }

  /** Has all tell what they do. @return what ends it for each */
  List<Runnable> watch(Machine machine, StepNotes notes) {
    return all.get().stream().map(each -> each.watch(machine, notes)).toList();
  }

  /** The first words of what can be named. */
  List<String> names() {
    return all.get().stream().flatMap(each -> each.names().stream()).distinct().sorted().toList();
  }

  /** Two lines for each of {@link #names}. */
  String help() {
    Map<String, String> lines = new TreeMap<>();
    for (WordOwner each : all.get()) {
      for (int i = 0; i < each.names().size(); i++) {
        lines.put(each.names().get(i), "  %s %s%n%s%s%n".formatted(each.names().get(i), each.usages().get(2 * i), " ".repeat(27), each
            .usages()
            .get(2 * i + 1)));
      }
    }
    return String.join("", lines.values());
  }

  /** What a device has read as a command. */
  Optional<String> command(PastMachine past, WatchedStep.Transfer read) {
    return all.get().stream().flatMap(each -> each.command(past.machine(), read.device(), read.address(), read.read()).stream())
        .findFirst();
  }
}
