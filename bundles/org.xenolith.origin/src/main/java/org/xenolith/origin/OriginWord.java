// SPDX-License-Identifier: EPL-2.0
package org.xenolith.origin;

import java.util.List;
import java.util.Locale;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.history.api.MachineHistories;
import org.xenolith.machine.control.Machine;
import org.xenolith.origin.api.OriginStep;
import org.xenolith.origin.api.ValueOrigins;

/** {@code origin}: the way that bytes of memory have come. */
@Component
public final class OriginWord implements MonitorCommand {
  private static final String NAME = "origin";

  private final MachineHistories histories;
  private final ValueOrigins origins;

  /** For the framework. */
  @Activate
  public OriginWord(@Reference MachineHistories histories, @Reference ValueOrigins origins) {
    this.histories = histories;
    this.origins = origins;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String help() {
    return NAME + " [SPACE] ADDRESS [BYTES]\n" + " ".repeat(27) + "the way that bytes of memory (1) have come";
  }

  @Override
  public String manual() {
    return help() + "\n" + """
          The latest step first: who stored them, from where that had loaded them, and so on to where they came into the machine: a sector, a frame, a byte
          that was typed, or what the launch put into memory. Copies are followed; a value that was computed ends the way, and lists what it is of.
          Each step begins with its moment, which at goes to. Of bytes that were written by several, the way of the latest is followed.
          (xenolith) origin 0xffff800008b40000
          (xenolith) origin X1 8
          (xenolith) origin physical 0x48000000 4
          """;
  }

  @Override
  public boolean onlyLooks() { return true; }

  @Override
  public String execute(Machine machine, List<String> words) {
    return LastWriteWord.answer(NAME, () -> {
      if (words.isEmpty()) {
        throw new BadInput("usage: " + NAME + " [SPACE] ADDRESS [BYTES]; help " + NAME + " has examples");
      }
      StringBuilder text = new StringBuilder();
      for (OriginStep each : origins.origin(LastWriteWord.history(histories, machine), words)) {
        text.append("%s %s: %s%n".formatted(each.moment(), each.kind().name().toLowerCase(Locale.ROOT), each.text()));
        if (!each.code().isEmpty()) {
          text.append("  ").append(each.code()).append('\n');
        }
      }
      return text.toString();
    });
  }

  @Override
  public List<String> complete(Machine machine, List<String> words) {
    return machine.processors().stream().map(each -> "cpu" + each.index()).toList();
  }
}
