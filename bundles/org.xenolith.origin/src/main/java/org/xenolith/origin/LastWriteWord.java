// SPDX-License-Identifier: EPL-2.0
package org.xenolith.origin;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.FieldOption;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.command.api.OptionName;
import org.xenolith.history.api.MachineHistories;
import org.xenolith.history.api.MachineHistory;
import org.xenolith.machine.control.Machine;
import org.xenolith.origin.api.LastWrite;
import org.xenolith.origin.api.ValueOrigins;
import org.xenolith.origin.api.WordOwner;

/** {@code last-write}: who wrote a word of memory or a device's register last, and when. */
@Component
public final class LastWriteWord implements MonitorCommand {
  private static final String NAME = "last-write";

  private final MachineHistories histories;
  private final ValueOrigins origins;
  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE, fieldOption = FieldOption.REPLACE)
  private volatile List<WordOwner> owners = List.of();
  private final WordOwners all = new WordOwners(() -> owners);

  /** For the framework. */
  @Activate
  public LastWriteWord(@Reference MachineHistories histories, @Reference ValueOrigins origins) {
    this.histories = histories;
    this.origins = origins;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String help() {
    return NAME + " WHAT\n" + " ".repeat(27) + "who wrote memory or a device's register last, and when";
  }

  @Override
  public String manual() {
    return help() + "\n" + """
          Before the moment that is looked at. WHAT is [SPACE] ADDRESS [BYTES] of memory (8), or DEVICE REGISTER. SPACE is physical, cpu1, d0 or another
          memory of mem; ADDRESS a symbol or register, too; REGISTER one that regs DEVICE lists. The answer's moment is one that at goes to; of several
          writes by one instruction that's the same. What an instruction did by a device or the hypervisor is named.
          (xenolith) last-write jiffies_64
          (xenolith) last-write physical 0x48000000 4
          (xenolith) last-write pl011 UARTIMSC
        WHAT may also be
        """ + all.help();
  }

  /** The past of a machine. @throws BadInput if none is kept */
  static MachineHistory history(MachineHistories histories, Machine machine) {
    return histories.of(machine).orElseThrow(() -> new BadInput("no past is kept of this machine; launch it with " + OptionName.option(
        "history")));
  }

  /** What a word answers; a refusal begins with its name. */
  static String answer(String name, Supplier<String> answer) {
    try {
      return answer.get();
    } catch (BadInput e) {
      throw e.getMessage().startsWith(name + ": ") ? e : new BadInput(name + ": " + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new BadInput(name + ": " + e.getMessage());
    }
  }

  @Override
  public boolean onlyLooks() { return true; }

  @Override
  public String execute(Machine machine, List<String> words) {
    return answer(NAME, () -> {
      MachineHistory history = history(histories, machine);
      if (words.isEmpty()) {
        throw new BadInput("usage: " + NAME + " WHAT; help " + NAME + " has examples");
      }
      return origins.lastWrite(history, words).map(LastWriteWord::text).orElseGet(
          () -> "nobody has written %s since %s, where the past begins%n"
              .formatted(String.join(" ", words), history.first()));
    });
  }

  private static String text(LastWrite write) {
    StringBuilder text = new StringBuilder("written at %s (%.9f virtual seconds)%n".formatted(write.moment(), write.moment().nanoseconds()
        / 1e9));
    if (!write.code().isEmpty()) {
      text.append("  ").append(write.code()).append('\n');
    }
    write.by().forEach(each -> text.append("  by ").append(each).append('\n'));
    if (!write.after().isEmpty()) {
      text.append("  before: ").append(write.before()).append("\n  after:  ").append(write.after()).append('\n');
    }
    return text.toString();
  }

  @Override
  public List<String> complete(Machine machine, List<String> words) {
    return words.size() > 1 ? List.of() : Stream.concat(all.names().stream(), names(machine)).toList();
  }

  private static Stream<String> names(Machine machine) {
    return Stream.concat(machine.processors().stream().map(each -> "cpu" + each.index()), machine.devices().stream().map(
        Machine.DeviceFact::instance));
  }
}
