// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.command.api.WordRelay;
import org.xenolith.machine.control.Machine;

/** The commands that bundles add to the monitor prompt and to the OSGi shell, as they are when asked. */
final class PromptCommands {
  private final Supplier<List<MonitorCommand>> services;
  private final Supplier<List<WordRelay>> relays;

  /**
   * Those that there are.
   *
   * @param services lowest ranking first
   * @param relays   who may answer in their place
   */
  PromptCommands(Supplier<List<MonitorCommand>> services, Supplier<List<WordRelay>> relays) {
    this.services = services;
    this.relays = relays;
  }

  /** Those that nobody answers in the place of. */
  PromptCommands(Supplier<List<MonitorCommand>> services) {
    this(services, List::of);
  }

  /** Executes a word that a bundle has added. */
  String execute(MonitorCommand command, Machine machine, List<String> words) {
    return WordRelay.execute(relays.get(), command, machine, words);
  }

  /** Whether a word of the prompt's own that changes more than the machine may be executed now. @throws BadInput if not */
  void check(Machine machine, String name, List<String> words) {
    relays.get().forEach(each -> each.answer(machine, name, false, words));
  }

  /** The command of that name, of several the one of highest ranking. */
  Optional<MonitorCommand> named(String name) {
    return services.get().reversed().stream().filter(command -> command.name().equals(name)).findFirst();
  }

  /** Their names, in order. */
  List<String> names() {
    return services.get().stream().map(MonitorCommand::name).distinct().sorted().toList();
  }

  /** The lines of the help. */
  String help() {
    return services.get().stream().sorted(Comparator.comparing(MonitorCommand::name))
        .flatMap(command -> command.help().lines()).map(line -> line + "\n").collect(Collectors.joining());
  }
}
