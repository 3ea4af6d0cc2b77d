// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.HostReason;
import org.xenolith.command.api.OptionName;
import org.xenolith.debug.kit.DebuggedPast;
import org.xenolith.debug.kit.ReadableBytes;
import org.xenolith.history.api.MachineHistory;
import org.xenolith.history.api.Moment;
import org.xenolith.history.api.PastMachine;
import org.xenolith.inspect.api.InspectedDevice;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.Mapping;
import org.xenolith.inspect.api.ProcessorPlace;
import org.xenolith.inspect.api.TableEntry;
import org.xenolith.inspect.kit.WaitingProcessor;
import org.xenolith.inspect.symbols.GuestKernel;
import org.xenolith.inspect.symbols.LoadedCode;
import org.xenolith.inspect.symbols.MachineSymbols;
import org.xenolith.inspect.symbols.Symbol;

/** What {@code monitor} in a debugger understands: packet qRcmd. */
final class MonitorWords {
  private static final String HELP = """
      monitor status             where each CPU is, and virtual time
      monitor symbols FILE       writes the names that the kernel has of itself and its modules, or of firmware's images, for
                                 symbol-file FILE
      monitor moved FILE         the same, but only if those before were of a kernel that has moved since (KASLR)
      monitor module FILE OUT    where the kernel has loaded the module of a file (.ko): writes gdb's command for that, if it has
      monitor walk ADDRESS       translation of an address, entry by entry
      monitor xp ADDRESS [BYTES] RAM by physical address
      monitor phys on|off        whether the debugger's addresses are physical
      monitor regs DEVICE        a device's registers as they are stored; d2v0: those of a domain's virtual CPU that no CPU executes now
      monitor devices            the devices
      monitor domains            a hypervisor's domains, which gdb has as inferiors of their own (target extended-remote): add-inferior,
                                 inferior 2, attach NUMBER
      monitor at MOMENT          goes to a moment of the past: a count of instructions, a time (2.5s), or 'present'; gdb has to
                                 forget registers then: maintenance flush register-cache
      monitor history            what of the past is there
      """;
  private static final int ROW = 16;
  private static final int MOST_BYTES = 4096;
  private final DebuggedMachine machine;
  private final Map<String, Function<List<String>, String>> words = new TreeMap<>();

  MonitorWords(DebuggedMachine machine) {
    this.machine = machine;
    words.put("help", said -> HELP);
    words.put("status", said -> status());
    words.put("symbols", this::symbols);
    words.put("moved", this::moved);
    words.put("module", this::module);
    words.put("walk", this::walk);
    words.put("xp", this::physical);
    words.put("phys", this::mode);
    words.put("regs", this::registers);
    words.put("devices", said -> devices());
    words.put("domains", said -> domains());
    words.put("at", this::at);
    words.put("history", said -> history());
  }

  /** What a person reads, with line ends. */
  String answer(String line) {
    List<String> said = List.of(line.strip().split("\\s+"));
    Function<List<String>, String> word = words.get(said.getFirst());
    if (word == null) {
      return "unknown: '" + said.getFirst() + "'; there are\n" + HELP;
    }
    try {
      return OptionName.onCommandLine(word.apply(said.subList(1, said.size())));
    } catch (IllegalArgumentException | BadInput e) {
      return said.getFirst() + ": " + OptionName.onCommandLine(e.getMessage()) + "\n";
    }
  }

  private String status() {
    return machine.processors().stream().map(each -> {
      ProcessorPlace place = each.place();
      return "CPU %d: 0x%016x %s %s%s%n".formatted(each.index(), place.address(), place.level(), place.addressSpace(), place.guestTables()
          == 0
              ? "" : " guest of tables 0x%x".formatted(place.guestTables()));
    }).collect(Collectors.joining()) + "%d instructions, %.9f virtual seconds%n".formatted(machine.machine().instructions(), machine
        .machine()
        .now() / 1e9);
  }

  /** An ELF file of the kernel's own names, where it runs: made of its memory, so that KASLR and a stripped image don't matter. */
  private String symbols(List<String> said) {
    if (said.isEmpty()) {
      throw new IllegalArgumentException("name the file to write, with its path");
    }
    MachineSymbols known = known();
    Optional<InspectedProcessor> executes = executing();
    if (executes.isPresent()) {
      return symbols(said.getFirst(), known, executes.get());
    }
    List<LoadedCode> images = near().map(known::images).filter(each -> !each.isEmpty()).findFirst().orElseThrow(
        () -> new IllegalArgumentException(
            "no CPU executes a kernel whose names are known: it may have just begun, or they are in programs of another kind; go on, and ask again"));
    Path file = write(said.getFirst(), images.stream().flatMap(each -> each.symbols().all().stream()));
    return images.stream().map(each -> "0x%x %s%n".formatted(each.base(), each.name())).collect(Collectors.joining())
        + "%d images that firmware has started%nsymbol-file %s%n".formatted(images.size(), file);
  }

  private MachineSymbols known() {
    return machine.symbols().orElseThrow(() -> new IllegalArgumentException("no bundle is installed that finds names"));
  }

  private Optional<InspectedProcessor> executing() {
    MachineSymbols known = known();
    return near().filter(each -> known.kernel(each).isPresent()).findFirst();
  }

  /** Nothing, unless a kernel has moved: for a debugger's own script, wherever it halts. */
  private String moved(List<String> said) {
    if (said.isEmpty() || !machine.kernelMove().awaited()) {
      return "";
    }
    MachineSymbols known = known();
    return executing().filter(each -> known.kernel(each).orElseThrow().base() < 0).map(each -> symbols(said.getFirst(), known, each))
        .orElse("");
  }

  private String symbols(String name, MachineSymbols known, InspectedProcessor executes) {
    GuestKernel kernel = known.kernel(executes).orElseThrow();
    Stream<Symbol> loaded = known.images(executes).stream().flatMap(each -> each.symbols().all().stream());
    List<Symbol> all = Stream.concat(kernel.symbols().all().stream(), loaded).toList();
    Path file = write(name, all.stream());
    String later = machine.kernelMove().named(kernel)
        ? "the kernel hasn't moved to where it stays yet: a breakpoint by these names is met there, too; load them again then\n" : "";
    return later + "%s%d names, from 0x%x on%s%nsymbol-file %s%n".formatted(kernel.version().isEmpty() ? "" : kernel.version() + "\n", all
        .size(),
        kernel.base(),
        kernel.moved().isPresent() ? ", 0x%x above where it was linked".formatted(kernel.moved().getAsLong()) : "", file);
  }

  private Path write(String name, Stream<Symbol> symbols) {
    Path file = Path.of(name);
    if (!file.isAbsolute()) {
      throw new IllegalArgumentException("the path must be absolute: the debugger may be in another folder");
    }
    List<Symbol> all = symbols.sorted(Comparator.comparing(Symbol::address, Long::compareUnsigned)).toList();
    try {
      Files.write(file, SymbolElf.of(all, machine.registers().target().machine()));
    } catch (IOException e) {
      throw new IllegalArgumentException(file + ": " + HostReason.of(file, e).text());
    }
    return file;
  }

  /** A module's file, and where what it says goes. */
  private String module(List<String> said) {
    if (said.size() != 2) {
      throw new IllegalArgumentException("name the module's file (.ko), and the file to write");
    }
    Path file = Path.of(said.getFirst()).toAbsolutePath();
    String name = file.getFileName().toString().replaceFirst("\\.ko$", "").replace('-', '_');
    try {
      KernelModuleFile module = KernelModuleFile.of(Files.readAllBytes(file));
      MachineSymbols known = known();
      Optional<String> command = executing().flatMap(each -> known.images(each).stream().filter(image -> image.name().equals(name))
          .findFirst()).flatMap(image -> module.command(file.toString(), image.symbols()));
      if (command.isPresent()) {
        Files.writeString(Path.of(said.getLast()), command.get());
      }
      return command.orElse("the kernel hasn't loaded " + name + " yet\n");
    } catch (IOException e) {
      throw new IllegalArgumentException(file + ": " + HostReason.of(file, e).text());
    }
  }

  /** The chosen CPU, and those that execute code of the same guest: a kernel may have taken itself out of the tables of its programs. */
  private Stream<InspectedProcessor> near() {
    String guest = machine.inspected().guest(machine.processor().place());
    return Stream.concat(Stream.of(machine.processor()), machine.processors().stream().filter(each -> machine.inspected().guest(each
        .place())
        .equals(guest)));
  }

  private static long address(List<String> said, String usage) {
    if (said.isEmpty()) {
      throw new IllegalArgumentException("expected " + usage);
    }
    return Reply.number(said.getFirst().replaceFirst("^0[xX]", ""));
  }

  private String walk(List<String> said) {
    long address = address(said, "an address, hexadecimal");
    InspectedMemory memory = machine.processor().memory();
    StringBuilder text = new StringBuilder();
    for (TableEntry each : memory.walk(address)) {
      text.append("%-28s at 0x%012x: 0x%016x%n".formatted(each.table(), each.address(), each.value()));
    }
    Optional<Mapping> found = memory.translate(address);
    text.append(found.map(each -> "0x%x is 0x%x, %s%s%s, %d bytes alike%n".formatted(address, each.address(), each.read() ? "r" : "-", each
        .write() ? "w" : "-", each.execute() ? "x" : "-", each.size())).orElse("0x%x isn't mapped%n".formatted(address)));
    memory.physical(address).ifPresent(at -> text.append("physical: 0x%x%n".formatted(at)));
    return text.toString();
  }

  private String physical(List<String> said) {
    long address = address(said, "a physical address, hexadecimal");
    int length = said.size() > 1 ? Integer.parseInt(said.get(1)) : 4 * ROW;
    if (length < 1 || length > MOST_BYTES) {
      throw new IllegalArgumentException("1 to " + MOST_BYTES + " bytes");
    }
    byte[] bytes = ReadableBytes.of(machine.inspected().physical(), address, length);
    if (bytes.length == 0) {
      return "0x%x: no RAM%n".formatted(address);
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < bytes.length; i += ROW) {
      text.append("0x%012x: %s%n".formatted(address + i, HexFormat.ofDelimiter(" ").formatHex(bytes, i, Math.min(i + ROW, bytes.length))));
    }
    return text.toString();
  }

  private String mode(List<String> said) {
    String which = said.isEmpty() ? "" : said.getFirst();
    if (!which.isEmpty() && !which.equals("on") && !which.equals("off")) {
      throw new IllegalArgumentException("on or off, not '" + which + "'");
    }
    machine.physical(which.isEmpty() ? machine.physical() : which.equals("on"));
    return "addresses are " + (machine.physical() ? "physical\n" : "those of the code that the CPU executes\n");
  }

  private String domains() {
    String domains = machine.inferiors().domains();
    return domains.isEmpty() ? "no hypervisor of Xenolith's has domains here\n" : domains;
  }

  private DebuggedPast past() {
    return machine.past().orElseThrow(() -> new IllegalArgumentException(
        "nothing is kept of this machine's past; launch it with its history (boot " + OptionName.option("history") + ")"));
  }

  private String at(List<String> said) {
    DebuggedPast past = past();
    String where = String.join(" ", said);
    if (where.isEmpty()) {
      return "%s%n".formatted(past.machine().map(PastMachine::moment).map(Moment::toString).orElse(past.history().present()
          + ", the present"));
    }
    if (where.equals("present")) {
      past.leave();
    } else {
      past.go(past.history().goal(where));
    }
    return status();
  }

  private String history() {
    MachineHistory history = past().history();
    return "from %s to %s, %d checkpoints, %d of %d MiB%n".formatted(history.first(), history.present(), history.checkpoints().size(),
        history
            .held() >> 20, history.budget() >> 20) + (history.beforeFirst().isEmpty() ? "" : history.beforeFirst() + "\n");
  }

  private String devices() {
    return machine.inspected().devices().stream().map(each -> "%-34s %s%n".formatted(each.name(), each.model().isEmpty() ? "(absent)" : each
        .model())).collect(Collectors.joining());
  }

  private String registers(List<String> said) {
    String name = said.isEmpty() ? "" : said.getFirst();
    if (WaitingProcessor.is(name)) {
      return WaitingProcessor.registers(machine.inspected(), name).entrySet().stream().map(each -> "%-16s 0x%016x%n".formatted(each
          .getKey(),
          each.getValue())).collect(Collectors.joining());
    }
    InspectedDevice device = machine.inspected().devices().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow(
        () -> new IllegalArgumentException("there is no device '" + name + "'; monitor devices lists them"));
    return device.registers().stream().map(each -> "%-24s +0x%04x %s %s%n".formatted(each.name(), each.offset(), each.window(), device
        .value(each)
        .isPresent() ? "0x%x".formatted(device.value(each).getAsLong()) : "made when it is read")).collect(Collectors.joining());
  }
}
