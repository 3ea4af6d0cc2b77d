// SPDX-License-Identifier: EPL-2.0
package org.xenolith.origin;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.xenolith.command.api.BadInput;
import org.xenolith.inspect.api.DeviceRegister;
import org.xenolith.inspect.api.InspectedDevice;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.RegisterDescription;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.inspect.api.StopReport;
import org.xenolith.inspect.kit.DeviceNames;
import org.xenolith.inspect.kit.NamedAddress;
import org.xenolith.inspect.kit.NamedMachine;
import org.xenolith.inspect.kit.Texts;
import org.xenolith.machine.watch.ExitKind;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.traces.api.TraceSource;

/** Questions over a run: where something is met, and what is told of each time. */
enum QueryKind {
  /** An instruction is executed. */
  EXECUTIONS("ADDRESS|SYMBOL [REGISTER...]", "each time that an instruction is executed, with registers") {
    @Override
    Asked asked(NamedMachine on, List<String> words) {
      InspectedProcessor near = near(on);
      long address = NamedAddress.of(on, near, words.getFirst()).address();
      List<String> registers = new ArrayList<>(words.subList(1, words.size()));
      List<RegisterDescription> known = near.registers();
      for (String each : registers) {
        if (known.stream().noneMatch(one -> one.name().equals(each))) {
          throw new BadInput("there is no register '" + each + "'" + Texts.near(each, known.stream().map(RegisterDescription::name)
              .toList(),
              "; regs lists them"));
        }
      }
      if (registers.isEmpty()) {
        known.stream().limit(USUAL).forEach(each -> registers.add(each.name()));
      }
      return new Asked(List.of(new StopPlace.Instruction(address)), true, Stream.concat(Stream.of("cpu", WHERE), registers.stream())
          .toList(), (machine, report, value) -> Stream.concat(place(machine, report), registers.stream().map(each -> register(machine,
              report, each))).toList());
    }
  },
  /** Bytes of memory are written. */
  WRITES("[SPACE] ADDRESS [BYTES]", "each write to bytes of memory (8), and what they hold then") {
    @Override
    Asked asked(NamedMachine on, List<String> words) {
      SubjectWords.Bytes bytes = SubjectWords.bytes(on, words, WORD);
      return new Asked(List.of(Subject.writes(bytes.first(), bytes.length())), true, List.of("cpu", WHERE, "address", "bytes"), (machine,
          report, value) -> Stream.concat(place(machine, report), Stream.of("0x%x".formatted(report.address()), machine.view().physical()
              .read(bytes.first(), bytes.length()).map(HexFormat.ofDelimiter(" ")::formatHex).orElse(""))).toList());
    }
  },
  /** Exceptions are taken, or guest code is left. */
  TRAPS("KIND", "each exception with KIND in its name, or guest exit: read, write, register, firmware, hypervisor") {
    @Override
    Asked asked(NamedMachine on, List<String> words) {
      if (words.size() != 1) {
        throw new BadInput("expected one KIND: part of an exception's name, or a kind of guest exit");
      }
      Optional<ExitKind> exit = Stream.of(ExitKind.values()).filter(each -> each.text().equals(words.getFirst())).findFirst();
      StopPlace place = exit.<StopPlace>map(kind -> new StopPlace.GuestExit(kind, Pattern.compile(""))).orElseGet(
          () -> new StopPlace.ExceptionTaken(Pattern.compile(Pattern.quote(words.getFirst()), Pattern.CASE_INSENSITIVE)));
      return new Asked(List.of(place), false, List.of("what"), (machine, report, value) -> List.of(report.text()));
    }
  },
  /** A device's registers are read or written. */
  ACCESSES("DEVICE", "each access to a device's registers") {
    @Override
    Asked asked(NamedMachine on, List<String> words) {
      if (words.size() != 1) {
        throw new BadInput("expected one DEVICE");
      }
      InspectedDevice device = DeviceNames.device(on, words.getFirst());
      List<AddressWindow> windows = DeviceNames.windows(on, device);
      // That machine is gone when they are asked for.
      List<DeviceRegister> registers = device.registers();
      if (windows.isEmpty()) {
        throw new BadInput(device.name() + " has no window of its own");
      }
      return new Asked(IntStream.range(0, windows.size()).<StopPlace>mapToObj(each -> new StopPlace.Register(device.name(), each, 0,
          (int) Math
              .min(Integer.MAX_VALUE, windows.get(each).size()), true, true)).toList(), true, List.of("cpu", WHERE, "register", "access",
                  "value"), (machine, report, value) -> Stream.concat(place(machine, report), Stream.of(registerAt(registers, windows,
                      report),
                      report.write() ? "write" : "read", value)).toList());
    }
  },
  /** An event that traces have. */
  TRACED("KIND [DOMAIN]", "each event of a kind that traces have: hypercall, vcpu-trap, exception, dma, xenstore, ...") {
    @Override
    Asked asked(NamedMachine on, List<String> words) {
      return asked(on, words, List.of());
    }

    @Override
    Asked asked(NamedMachine on, List<String> words, List<TraceSource> sources) {
      return TracedEvents.asked(sources, words);
    }
  };

  /** The column that has the address of the CPU's next instruction, which is named when all is known. */
  static final String WHERE = "where";
  private static final int USUAL = 4;
  private static final int WORD = 8;

  final String usage;
  final String meaning;

  QueryKind(String usage, String meaning) {
    this.usage = usage;
    this.meaning = meaning;
  }

  /** What is told of one time. */
  interface Telling {
    /** @param value that a device's register was read or written with; empty if none was */
    List<String> values(NamedMachine machine, StopReport report, String value);
  }

  /**
   * What is asked.
   *
   * @param places  where it is met
   * @param looking whether the machine may be looked into when it is told, its moment among that
   * @param columns what is told
   * @param telling that
   */
  record Asked(List<StopPlace> places, boolean looking, List<String> columns, Telling telling) {}

  /** Reads what belongs to it; at least a word. @throws BadInput if that isn't right */
  abstract Asked asked(NamedMachine on, List<String> words);

  /** The same, by who tells traces of events. */
  Asked asked(NamedMachine on, List<String> words, List<TraceSource> sources) {
    return asked(on, words);
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static InspectedProcessor near(NamedMachine on) {
    return on.view().processors().stream().findFirst().orElseThrow(() -> new BadInput("no CPU of it can be looked into"));
  }

  private static <T> T of(NamedMachine on, StopReport report, Function<InspectedProcessor, T> what, T otherwise) {
    return report.processor().isEmpty() ? otherwise : on.view().processor(report.processor().getAsInt()).map(what).orElse(otherwise);
  }

  private static Stream<String> place(NamedMachine on, StopReport report) {
    return Stream.of(of(on, report, each -> "cpu" + each.index(), ""), of(on, report, each -> "0x" + Long.toHexString(each.place()
        .address()),
        ""));
  }

  private static String register(NamedMachine on, StopReport report, String name) {
    return of(on, report, each -> "0x" + Long.toHexString(each.value(name)[0]), "");
  }

  private static String registerAt(List<DeviceRegister> registers, List<AddressWindow> windows, StopReport report) {
    StopPlace.Register place = (StopPlace.Register) report.place();
    long offset = report.address() - windows.get(place.window()).base();
    String at = "%d:0x%x".formatted(place.window(), offset);
    return windows.size() > 1 ? at : registers.stream().filter(each -> each.offset() == offset).map(each -> each.name()).findFirst()
        .orElse(at);
  }
}
