// SPDX-License-Identifier: EPL-2.0
package org.xenolith.origin;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.xenolith.history.api.PastMachine;
import org.xenolith.machine.control.Machine;
import org.xenolith.origin.api.OwnedCopy;
import org.xenolith.origin.api.OwnedWord;
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
    Machine machine = past.machine();
    return all.get().stream().flatMap(each -> each.text(machine, address, length).stream()).findFirst().map(text -> " (" + text + ')')
        .orElse("");
  }

  /** What is copied in the place of the instruction at which a CPU stands. */
  List<OwnedCopy> copies(PastMachine past, int processor) {
    return all.get().stream().flatMap(each -> each.copies(past.machine(), processor).stream()).toList();
  }

  /** What a device has read as a command. */
  Optional<String> command(PastMachine past, WatchedStep.Transfer read) {
    return all.get().stream().flatMap(each -> each.command(past.machine(), read.device(), read.address(), read.read()).stream())
        .findFirst();
  }
}
