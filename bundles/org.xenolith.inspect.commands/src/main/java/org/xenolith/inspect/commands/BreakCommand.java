// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.commands;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.xenolith.command.api.BadInput;
import org.xenolith.inspect.api.DeviceRegister;
import org.xenolith.inspect.api.InspectedDevice;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.inspect.symbols.SymbolKind;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.watch.ExitKind;

/** {@code break}: where the machine is halted. */
final class BreakCommand extends InspectCommand {
  private static final List<String> KINDS = List.of("exception", "device", "exit", "event");
  private static final List<String> EXITS = Arrays.stream(ExitKind.values()).map(ExitKind::text).toList();

  BreakCommand(InspectedRuns runs) {
    super(runs, "break", "PLACE [if CONDITION]", "halt the machine at an instruction, an exception, a device's register, …", """
          A PLACE is an ADDRESS (0x…, a symbol, also with +OFFSET), on any CPU and in any address space; or one of
            exception NAME                      an exception or interrupt whose name has NAME in it
            device NODE REGISTER [read|write|both]
            exit KIND [PLACE]                   guest code is left for the host's: read, write, register, firmware, hypervisor, alarm
            event KIND [TEXT]                   an event of the machine's log
          CONDITION: VALUE ==|!=|<|<=|>|>=|& VALUE [and …]; a VALUE is a number, a register, a symbol, [VALUE] for the eight bytes there, cpu, hits, level
          or guest. Of an exception, an exit and an event only cpu and hits are known.
          (xenolith) break vfs_open
          (xenolith) break do_exit if X0 == 11 and guest == d1
          (xenolith) break exception SVC if hits >= 1000
          (xenolith) break device pl011 UARTDR write
          """);
  }

  @Override
  WordAnswer execute(InspectedRun run, Machine machine, List<String> words) {
    run.control();
    return super.execute(run, machine, words);
  }

  @Override
  WordAnswer answer(InspectedRun run, List<String> words) {
    int split = words.indexOf("if");
    List<String> said = split < 0 ? words : words.subList(0, split);
    if (said.isEmpty()) {
      throw usage();
    }
    StopPlace place = place(run, said);
    boolean looks = place instanceof StopPlace.Instruction || place instanceof StopPlace.Register;
    Optional<BreakCondition> condition = split < 0 ? Optional.empty() : Optional.of(BreakCondition.of(run, words.subList(split + 1, words
        .size()),
        looks));
    return added(run, text(run, said, place) + (split < 0 ? "" : " " + String.join(" ", words.subList(split, words.size()))), place,
        condition);
  }

  static WordAnswer added(InspectedRun run, String text, StopPlace place, Optional<BreakCondition> condition) {
    Breaks.Break added = run.breaks.add(text, place, condition);
    return new WordAnswer("break %d: %s%s%n".formatted(added.number, text, run.stands() ? "; go lets the machine go on" : ""), WordAnswer
        .map(
            "break", added.number,
            "place", text));
  }

  private static String text(InspectedRun run, List<String> said, StopPlace place) {
    return place instanceof StopPlace.Instruction at && said.size() == 1 ? "0x%016x%s".formatted(at.address(), PlaceText.name(run, run
        .processor(), at
            .address())) : String.join(" ", said);
  }

  private StopPlace place(InspectedRun run, List<String> said) {
    String rest = said.size() > 1 ? String.join(" ", said.subList(1, said.size())) : "";
    return switch (said.getFirst()) {
      case "exception" -> new StopPlace.ExceptionTaken(part(rest));
      case "device" -> device(run, said);
      case "exit" -> new StopPlace.GuestExit(exit(said.size() > 1 ? said.get(1) : ""), part(said.size() > 2 ? String.join(" ", said.subList(
          2, said.size()))
          : ""));
      case "event" -> {
        if (said.size() < 2) {
          throw new BadInput("event: which kind? events lists those that there were");
        }
        yield new StopPlace.Event(said.get(1), part(said.size() > 2 ? String.join(" ", said.subList(2, said.size())) : ""));
      }
      default -> {
        if (said.size() > 1) {
          throw new BadInput("'" + said.get(1) + "' isn't expected behind an address; before a condition is 'if'");
        }
        NamedAddress at = NamedAddress.of(run, run.processor(), said.getFirst());
        at.symbol().filter(each -> each.kind() != SymbolKind.CODE).ifPresent(each -> {
          throw new BadInput(each.name() + " is no code, but data; watch " + each.name() + " halts where it is written");
        });
        yield new StopPlace.Instruction(at.address());
      }
    };
  }

  private static Pattern part(String text) {
    return Pattern.compile(Pattern.quote(text), Pattern.CASE_INSENSITIVE);
  }

  private static ExitKind exit(String word) {
    if (!EXITS.contains(word)) {
      throw new BadInput("exit '" + word + "': there are " + String.join(", ", EXITS));
    }
    return ExitKind.valueOf(word.toUpperCase(Locale.ROOT));
  }

  private StopPlace device(InspectedRun run, List<String> said) {
    if (said.size() < 3 || said.size() > 4) {
      throw new BadInput("device: expected NODE REGISTER [read|write|both]");
    }
    InspectedDevice device = DeviceNames.device(run, said.get(1));
    String how = said.size() > 3 ? said.get(3) : WatchCommand.BOTH;
    WatchCommand.check(how);
    return DeviceNames.place(run, device, said.get(2), !how.equals(WatchCommand.WRITE), !how.equals(WatchCommand.READ));
  }

  @Override
  List<String> candidates(InspectedRun run, List<String> words, String begun) {
    String kind = words.getFirst();
    return switch (words.size()) {
      case 1 -> both(symbols(run, begun), KINDS);
      case 2 -> kind.equals("device") ? devices(run) : kind.equals("exit") ? EXITS : kind.equals("event") ? List.copyOf(run.machine.events()
          .keySet()) : List
              .of("if");
      case 3 -> kind.equals("device") ? DeviceNames.device(run, words.get(1)).registers().stream().map(DeviceRegister::name).toList()
          : registers(run);
      default -> both(WatchCommand.HOW, List.of("if"), registers(run));
    };
  }
}
