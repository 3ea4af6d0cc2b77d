// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.xenolith.command.api.MonitorCommand;

/** The commands that bundles add to the monitor prompt and to the OSGi shell, as they are when asked. */
final class PromptCommands {
  private final Supplier<List<MonitorCommand>> services;

  /** @param services lowest ranking first */
  PromptCommands(Supplier<List<MonitorCommand>> services) {
    this.services = services;
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
