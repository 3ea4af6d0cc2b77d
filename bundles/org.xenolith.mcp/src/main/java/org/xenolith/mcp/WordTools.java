// SPDX-License-Identifier: EPL-2.0
package org.xenolith.mcp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.command.api.WordRelay;

/** The words of the monitor prompt as tools: whatever bundle brings a word brings a tool. */
final class WordTools {
  private static final String WORDS = "words";
  private final SteeredRun run;
  private final Supplier<List<MonitorCommand>> commands;
  private final Supplier<List<WordRelay>> relays;

  /**
   * Of one machine.
   *
   * @param commands those that there are now, lowest ranking first
   * @param relays   who may answer in their place
   */
  WordTools(SteeredRun run, Supplier<List<MonitorCommand>> commands, Supplier<List<WordRelay>> relays) {
    this.run = run;
    this.commands = commands;
    this.relays = relays;
  }

  /**
   * A tool for each word, but those that give the guest a terminal that there isn't here.
   *
   * @param all whether those count, too, that do more than look
   */
  List<MachineTool> tools(boolean all) {
    Map<String, MachineTool> byName = new LinkedHashMap<>();
    for (MonitorCommand each : commands.get()) {
      if (!each.leaves() && (all || each.onlyLooks())) {
        byName.put(each.name(), tool(each));
      }
    }
    return new ArrayList<>(byName.values());
  }

  private MachineTool tool(MonitorCommand command) {
    String name = command.name();
    return new MachineTool(name, "As at the monitor prompt:\n" + command.manual().stripTrailing(), List.of(ToolParameter.text(WORDS,
        "what follows '" + name + "' there, with blanks between")), command.onlyLooks(), said -> answer(name, said));
  }

  /** A bundle may have been replaced since the tools were told. */
  private String answer(String name, ToolArguments said) {
    MonitorCommand command = commands.get().reversed().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow(
        () -> new BadInput("the bundle that brought '" + name + "' is gone"));
    String words = said.text(WORDS).orElse("").strip();
    return WordRelay.execute(relays.get(), command, run.machine(), words.isEmpty() ? List.of() : List.of(words.split("\\s+")));
  }
}
