// SPDX-License-Identifier: EPL-2.0
package org.xenolith.origin;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.xenolith.command.api.BadInput;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.api.TableEntry;
import org.xenolith.inspect.kit.MemorySpace;
import org.xenolith.inspect.kit.NamedAddress;
import org.xenolith.inspect.kit.NamedMachine;
import org.xenolith.inspect.symbols.SymbolFinder;
import org.xenolith.machine.control.Machine;
import org.xenolith.origin.api.OwnedWord;
import org.xenolith.origin.api.WordOwner;

/** The entry of a processor's tables that maps an address, or says that nothing is there. */
@Component
public final class TableEntries implements WordOwner {
  private static final String NAME = "table-entry";
  private static final String USAGE = "[SPACE] ADDRESS";
  private final MachineInspector inspector;
  private final SymbolFinder finder;

  /** For the framework. */
  @Activate
  public TableEntries(@Reference MachineInspector inspector, @Reference SymbolFinder finder) {
    this.inspector = inspector;
    this.finder = finder;
  }

  @Override
  public List<String> names() {
    return List.of(NAME);
  }

  @Override
  public List<String> usages() {
    return List.of(USAGE, "the entry of a processor's tables that maps an address, or has it fault");
  }

  @Override
  public OwnedWord word(Machine machine, List<String> asked) {
    InspectedMachine view = inspector.of(machine);
    NamedMachine on = new NamedMachine(machine, view, finder.of(view));
    InspectedProcessor near = view.processors().stream().findFirst().orElseThrow(() -> new BadInput("no CPU of it can be looked into"));
    List<String> words = new ArrayList<>(asked.subList(1, asked.size()));
    String space = words.size() == 2 ? words.removeFirst() : "";
    if (words.size() != 1) {
      throw new BadInput("expected " + NAME + " " + USAGE);
    }
    MemorySpace memory = MemorySpace.of(on, near, space);
    long address = NamedAddress.of(on, memory.processor(), words.getFirst()).address();
    TableEntry entry = own(memory.memory(), address).stream().reduce((one, later) -> later).orElseThrow(() -> new BadInput(
        "0x%x: no table is read for it (%s)".formatted(address, memory.memory().name())));
    return new OwnedWord("the entry of 0x%x in %s, at 0x%x".formatted(address, entry.table(), entry.address()), Subject.writes(entry
        .address(), entry.bytes()), past -> held(inspector.of(past), entry));
  }

  private static String held(InspectedMachine view, TableEntry entry) {
    return view.physical().read(entry.address(), entry.bytes()).map(HexFormat.ofDelimiter(" ")::formatHex).orElse("");
  }

  /** Entries of a memory's own tables: the tables below have others, for the addresses of these and for where they lead to. */
  static List<TableEntry> own(InspectedMemory memory, long address) {
    Set<String> below = memory.below().map(each -> each.walk(0).stream().map(TableEntries::tables).collect(Collectors.toSet())).orElse(Set
        .of());
    return memory.walk(address).stream().filter(each -> !below.contains(tables(each))).toList();
  }

  /** What the tables are called whatever the level, which is the last word. */
  private static String tables(TableEntry entry) {
    return entry.table().substring(0, entry.table().lastIndexOf(' ') + 1);
  }
}
