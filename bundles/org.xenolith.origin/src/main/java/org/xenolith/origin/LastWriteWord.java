// SPDX-License-Identifier: EPL-2.0
package org.xenolith.origin;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.command.api.OptionName;
import org.xenolith.history.api.Goal;
import org.xenolith.history.api.MachineHistories;
import org.xenolith.history.api.MachineHistory;
import org.xenolith.history.api.Moment;
import org.xenolith.history.api.PastMachine;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.kit.MemorySpace;
import org.xenolith.inspect.kit.NamedAddress;
import org.xenolith.inspect.kit.NamedMachine;
import org.xenolith.inspect.kit.Texts;
import org.xenolith.inspect.symbols.SymbolFinder;
import org.xenolith.machine.control.Machine;

/** {@code last-write}: who wrote a word of memory last, and when. */
@Component
public final class LastWriteWord implements MonitorCommand {
  private static final String NAME = "last-write";
  private static final int WORD = 8;
  private static final int MOST = 256;

  private final MachineHistories histories;
  private final MachineInspector inspector;
  private final SymbolFinder finder;

  /** For the framework. */
  @Activate
  public LastWriteWord(@Reference MachineHistories histories, @Reference MachineInspector inspector, @Reference SymbolFinder finder) {
    this.histories = histories;
    this.inspector = inspector;
    this.finder = finder;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String help() {
    return NAME + " [SPACE] ADDRESS [BYTES]\n" + " ".repeat(27) + "who wrote bytes of memory last (8), and when";
  }

  @Override
  public String manual() {
    return help() + "\n" + """
          Before the moment that is looked at. SPACE is physical, cpu1, d0 or another memory of mem; ADDRESS a symbol or register, too. The answer's moment is one
          that at goes to; of several writes by one instruction that's the same. What an instruction did by a device or the hypervisor is named.
          (xenolith) last-write jiffies_64
          (xenolith) last-write physical 0x48000000 4
          """;
  }

  @Override
  public String execute(Machine machine, List<String> words) {
    try {
      return answer(machine, new ArrayList<>(words));
    } catch (BadInput e) {
      throw e.getMessage().startsWith(NAME + ": ") ? e : new BadInput(NAME + ": " + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new BadInput(NAME + ": " + e.getMessage());
    }
  }

  private String answer(Machine machine, List<String> words) {
    MachineHistory history = histories.of(machine).orElseThrow(() -> new BadInput("no past is kept of this machine; launch it with "
        + OptionName.option("history")));
    Moment from = history.shown().map(PastMachine::moment).orElseGet(history::present);
    try (PastMachine past = history.at(new Goal.Exactly(from))) {
      InspectedMachine view = inspector.of(past.machine());
      NamedMachine named = new NamedMachine(past.machine(), view, finder.of(view));
      InspectedProcessor near = view.processors().stream().findFirst().orElseThrow(() -> new BadInput("no CPU of it can be looked into"));
      String space = words.size() > 1 && MemorySpace.isNamed(near, words.getFirst()) ? words.removeFirst() : "";
      if (words.isEmpty() || words.size() > 2) {
        throw new BadInput("usage: " + NAME + " [SPACE] ADDRESS [BYTES]; help " + NAME + " has examples");
      }
      MemorySpace memory = MemorySpace.of(named, near, space);
      long address = NamedAddress.of(named, memory.processor(), words.getFirst()).address();
      int length = words.size() == 1 ? WORD : length(words.get(1));
      Optional<LastWrite> found = new WriteSearch(inspector, finder).find(past, physical(memory.memory(), address, length), length);
      return found.map(LastWriteWord::text).orElseGet(() -> "nobody has written 0x%x, %d bytes, since %s, where the past begins%n"
          .formatted(
              address, length, history.first()));
    }
  }

  private static int length(String word) {
    long length = Texts.number(word).orElseThrow(() -> new BadInput("'" + word + "' is no number of bytes"));
    if (length < 1 || length > MOST) {
      throw new BadInput(word + " bytes: expected 1 to " + MOST);
    }
    return (int) length;
  }

  private static long physical(InspectedMemory memory, long address, int length) {
    OptionalLong first = memory.physical(address);
    OptionalLong last = memory.physical(address + length - 1);
    if (first.isEmpty() || last.isEmpty()) {
      throw new BadInput("0x%x: nothing is mapped there (%s)".formatted(address, memory.name()));
    }
    if (last.getAsLong() - first.getAsLong() != length - 1) {
      throw new BadInput("0x%x, %d bytes: they aren't side by side in RAM; ask for the one page and the other".formatted(address, length));
    }
    return first.getAsLong();
  }

  private static String text(LastWrite write) {
    HexFormat hex = HexFormat.ofDelimiter(" ");
    StringBuilder text = new StringBuilder("written at %s (%.9f virtual seconds)%n".formatted(write.moment(), write.moment().nanoseconds()
        / 1e9));
    if (!write.code().isEmpty()) {
      text.append("  ").append(write.code()).append('\n');
    }
    write.by().forEach(each -> text.append("  by ").append(each).append('\n'));
    return text.append("  before: ").append(hex.formatHex(write.before())).append("\n  after:  ").append(hex.formatHex(write.after()))
        .append('\n').toString();
  }

  @Override
  public List<String> complete(Machine machine, List<String> words) {
    return machine.processors().stream().map(each -> "cpu" + each.index()).toList();
  }
}
