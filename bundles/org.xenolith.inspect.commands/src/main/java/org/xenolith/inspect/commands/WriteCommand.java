// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.commands;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.command.api.BadInput;
import org.xenolith.inspect.kit.MemorySpace;
import org.xenolith.inspect.kit.NamedAddress;
import org.xenolith.inspect.kit.Texts;
import org.xenolith.machine.control.Machine;

/** {@code write}: changes memory, as an input of the machine; in the past it needs a machine of its own for that. */
final class WriteCommand extends InspectCommand {
  private static final String WHAT_IF = "what-if";
  private static final int MOST = 8;

  WriteCommand(InspectedRuns runs) {
    super(runs, "write", "ADDRESS VALUE [LENGTH] [SPACE] [what-if] [json]", "change memory: a number of 8 or LENGTH bytes", """
          The least significant byte comes first. ADDRESS and SPACE are those of mem. It is an input like a typed key: recorded, and there again in a replay.
          The past can't be changed: there what-if makes a machine of its own that goes on from the moment with it, and is looked at from then on.
          (xenolith) write SP 0
          (xenolith) write 0x48000000 0x12 1 physical
          (xenolith) write SP+8 1 4 what-if
          """);
  }

  @Override
  public boolean onlyLooks() { return false; }

  @Override
  WordAnswer answer(InspectedRun run, List<String> words) {
    List<String> said = new ArrayList<>(words);
    String space = said.size() > 2 && MemorySpace.isNamed(run.processor(), said.getLast()) ? said.removeLast() : "";
    if (said.size() < 2 || said.size() > 3) {
      throw usage();
    }
    MemorySpace to = space(run, space);
    long address = NamedAddress.of(run.on, to.processor(), said.getFirst()).address();
    long value = Texts.number(said.get(1)).orElseThrow(() -> new BadInput("'" + said.get(1) + "' is no number"));
    int length = said.size() > 2 ? Texts.count(said.get(2), "bytes", MOST) : MOST;
    if (length < MOST && value >>> Byte.SIZE * length != 0) {
      throw new BadInput("%s doesn't fit into %d bytes".formatted(said.get(1), length));
    }
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (value >>> Byte.SIZE * i);
    }
    try {
      to.memory().write(address, bytes);
    } catch (IllegalStateException e) {
      throw new BadInput(e.getMessage());
    }
    return new WordAnswer("%d bytes at 0x%016x are 0x%x now%n".formatted(length, address, value), WordAnswer.map("address", WordAnswer.hex(
        address), "length", length, "value", WordAnswer.hex(value)));
  }

  @Override
  WordAnswer execute(InspectedRun run, Machine machine, List<String> words) {
    List<String> said = new ArrayList<>(words);
    // In a script it may look like an option.
    boolean whatIf = said.removeIf(each -> each.equals(WHAT_IF) || each.equals("--" + WHAT_IF));
    boolean was = run.past().filter(past -> past.branched().isEmpty()).isPresent();
    if (was && !whatIf) {
      throw new BadInput("this is the past, which can't be changed; shall a machine of its own go on from here with it? Say it with "
          + WHAT_IF
          + " at its end, or say what-if before");
    }
    if (whatIf && run.past().isEmpty()) {
      throw new BadInput(WHAT_IF + " is for the past; this is the present machine, which write changes, or say what-if before");
    }
    InspectedRun on = was ? run.whatIf() : run;
    return on.change(on.machine, () -> answer(on, said));
  }

  @Override
  List<String> candidates(InspectedRun run, List<String> words, String begun) {
    return words.size() == 1 ? both(symbols(run, begun), registers(run)) : List.of(WHAT_IF);
  }
}
