// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.control;

import static org.xenolith.command.api.OptionName.option;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Component;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.hyp.api.ConsolesPort;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.hyp.api.ToolsPort;
import org.xenolith.machine.control.Machine;

/** {@code xl} at the monitor prompt and in the OSGi shell. */
@Component
public final class XlCommand implements MonitorCommand {
  private static final int PATIENCE = 60;
  private static final String TYPE = "type DOMAIN WORDS...";

  @Override
  public String name() {
    return "xl";
  }

  @Override
  public String help() {
    return Stream.concat(Commands.USAGE.values().stream(), Stream.of(TYPE)).map(usage -> "xl " + usage)
        .collect(Collectors.joining("\n"));
  }

  /** Types at a console what a person would: the words, and return. */
  private static String type(Machine machine, List<String> words) {
    if (words.size() < 2) {
      throw new BadInput("usage: xl " + TYPE);
    }
    if (!machine.port(HypervisorNode.PATH, ConsolesPort.class).open(words.get(1))) {
      throw new BadInput("xl type: there is no domain '" + words.get(1) + "' that takes input");
    }
    String line = String.join(" ", words.subList(2, words.size())) + "\r";
    machine.input(ConsolesPort.INPUT, words.get(1), line.getBytes(StandardCharsets.UTF_8));
    return "";
  }

  @Override
  public String execute(Machine machine, List<String> words) {
    if (machine.platform().node(HypervisorNode.PATH).isEmpty()) {
      throw new BadInput("xl: this machine has no hypervisor; boot with " + option("hypervisor"));
    }
    if (words.isEmpty()) {
      return help() + "\n";
    }
    if (words.getFirst().equals("type")) {
      return type(machine, words);
    }
    try {
      return machine.port(HypervisorNode.PATH, ToolsPort.class).ask(machine, String.join(" ", words), PATIENCE);
    } catch (HypervisorException e) {
      throw new BadInput("xl " + words.getFirst() + ": " + e.getMessage());
    }
  }
}
