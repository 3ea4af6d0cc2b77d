// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xenolith.command.api.BadInput;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.watch.WatchedAddress;

/** {@code watch}: the machine is halted where memory is accessed. */
final class WatchCommand extends InspectCommand {
  static final String READ = "read";
  static final String WRITE = "write";
  static final String BOTH = "both";
  static final List<String> HOW = List.of(READ, WRITE, BOTH);
  private static final int MOST = 1 << 20;
  private static final String PHYSICAL = "physical";

  WatchCommand(InspectedRuns runs) {
    super(runs, "watch", "ADDRESS [LENGTH] [read|write|both] [physical] [if CONDITION]", "halt the machine where bytes are written or read", """
          Eight bytes and writes, unless said otherwise; 1048576 bytes at most. The machine is halted behind the instruction. An ADDRESS is one of the code that
          accesses it, or with 'physical' everybody's: writes of devices and hypervisors, too. CONDITION is that of break.
          (xenolith) watch jiffies
          (xenolith) watch 0x48000000 4096 both physical if cpu == 1
          """);
  }

  static void check(String how) {
    if (!HOW.contains(how)) {
      throw new BadInput("'" + how + "': expected read, write or both");
    }
  }

  @Override
  WordAnswer execute(InspectedRun run, Machine machine, List<String> words) {
    run.control();
    return super.execute(run, machine, words);
  }

  @Override
  WordAnswer answer(InspectedRun run, List<String> words) {
    int split = words.indexOf("if");
    List<String> said = new ArrayList<>(split < 0 ? words : words.subList(0, split));
    boolean physical = said.remove(PHYSICAL);
    if (said.isEmpty() || said.size() > 3) {
      throw usage();
    }
    String how = said.size() > 1 && Texts.number(said.getLast()).isEmpty() ? said.removeLast() : WRITE;
    check(how);
    NamedAddress place = NamedAddress.of(run, run.processor(), said.getFirst());
    long length = said.size() > 1 ? count(said.get(1), "bytes", MOST) : place.symbol().map(each -> Math.min(each.size(), 8)).orElse(8L);
    StopPlace.Access access = new StopPlace.Access(physical ? WatchedAddress.Space.PHYSICAL
        : WatchedAddress.Space.PROCESSOR, place.address(), length, !how.equals(WRITE), !how.equals(
            READ));
    String text = "%s of %d bytes at 0x%016x%s%s".formatted(how.equals(BOTH) ? "access" : how, length, place.address(), physical
        ? ", physical" : PlaceText
            .name(run, run.processor(), place.address()), split < 0 ? "" : " " + String.join(" ", words.subList(split, words.size())));
    return BreakCommand.added(run, text, access, split < 0 ? Optional.empty() : Optional.of(BreakCondition.of(run, words.subList(split + 1,
        words
            .size()),
        true)));
  }

  @Override
  List<String> candidates(InspectedRun run, List<String> words, String begun) {
    return words.size() == 1 ? both(symbols(run, begun), registers(run)) : both(HOW, List.of(PHYSICAL, "if"), registers(run));
  }
}
