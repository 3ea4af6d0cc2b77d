// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.xenolith.inspect.api.Mapping;
import org.xenolith.inspect.api.TableEntry;
import org.xenolith.inspect.kit.MemorySpace;
import org.xenolith.inspect.kit.NamedAddress;

/** {@code walk}: how an address is translated. */
final class WalkCommand extends InspectCommand {
  WalkCommand(InspectedRuns runs) {
    super(runs, "walk", "ADDRESS [SPACE] [json]", "how an address is translated, entry by entry", """
          The tables are read as they are in memory now, a hypervisor's below among them; no TLB is asked. ADDRESS and SPACE are those of mem.
          (xenolith) walk SP
          (xenolith) walk jiffies
          (xenolith) walk 0x40000000 cpu1
          """);
  }

  @Override
  WordAnswer answer(InspectedRun run, List<String> words) {
    if (words.isEmpty() || words.size() > 2) {
      throw usage();
    }
    MemorySpace space = space(run, words.size() > 1 ? words.get(1) : "");
    long address = NamedAddress.of(run.on, space.processor(), words.getFirst()).address();
    StringBuilder text = new StringBuilder("0x%x, %s of cpu%d%n".formatted(address, space.memory().name(), space.processor().index()));
    List<Object> entries = new ArrayList<>();
    for (TableEntry each : space.memory().walk(address)) {
      text.append("  %-24s at 0x%012x: 0x%0{d}x%n".replace("{d}", String.valueOf(2 * each.bytes())).formatted(each.table(), each.address(),
          each.value()));
      entries.add(WordAnswer.map("table", each.table(), "address", WordAnswer.hex(each.address()), "value", WordAnswer.hex(each.value()),
          "bytes", each
              .bytes()));
    }
    Optional<Mapping> found = space.memory().translate(address);
    OptionalLong physical = space.memory().physical(address);
    String below = space.memory().below().map(each -> each.name()).orElse("");
    text.append(found.map(each -> "  is 0x%x, %s: %s%s%s, in a piece of 0x%x bytes%n".formatted(each.address(), below, each.read() ? "r"
        : "-", each.write() ? "w" : "-", each
            .execute() ? "x" : "-", each.size())).orElse(below.isEmpty() ? "  is physical: nothing translates it\n" : "  isn't mapped\n"));
    if (found.isPresent() && !below.equals("physical")) {
      text.append(physical.isPresent() ? "  is 0x%x, physical%n".formatted(physical.getAsLong()) : "  isn't mapped below\n");
    }
    return new WordAnswer(text.toString(), WordAnswer.map("memory", space.memory().name(), "entries", entries, "mapped", found.isPresent(),
        "physical", physical
            .isPresent() ? WordAnswer.hex(physical.getAsLong()) : ""));
  }

  @Override
  List<String> candidates(InspectedRun run, List<String> words, String begun) {
    return words.size() == 1 ? both(symbols(run, begun), registers(run)) : run.cpus();
  }
}
