// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.commands;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.xenolith.command.api.BadInput;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.kit.MemorySpace;
import org.xenolith.inspect.kit.NamedAddress;
import org.xenolith.inspect.kit.Texts;

/** {@code mem}: bytes of memory. */
final class MemCommand extends InspectCommand {
  private static final int USUAL = 64;
  private static final int MOST = 1 << 16;
  private static final int ROW = 16;

  MemCommand(InspectedRuns runs) {
    super(runs, "mem", "ADDRESS [LENGTH] [SPACE] [json]", "bytes of memory, 64 or LENGTH (65536 at most)", """
          An ADDRESS is 0x…, a symbol or a register, also with +OFFSET. The SPACE is whose addresses are meant: physical, cpu1 (of the code that it executes
          now), d1 (of the domain's code, while it executes), or a memory of the CPU by its name. Only RAM is read: no device notices.
          (xenolith) mem jiffies 8              a variable of the kernel
          (xenolith) mem SP 256                 the stack
          (xenolith) mem 0x40080000 64 physical
          """);
  }

  @Override
  WordAnswer answer(InspectedRun run, List<String> words) {
    List<String> said = new ArrayList<>(words);
    String space = said.size() > 1 && MemorySpace.isNamed(run.processor(), said.getLast()) ? said.removeLast() : "";
    if (said.isEmpty()) {
      throw usage();
    }
    if (said.size() > 2) {
      space(run, said.getLast()); // says what there is
      throw usage();
    }
    int length = said.size() > 1 ? length(run, said.get(1)) : USUAL;
    MemorySpace from = space(run, space);
    long address = NamedAddress.of(run.on, from.processor(), said.getFirst()).address();
    return bytes(from.memory(), address, length);
  }

  private static int length(InspectedRun run, String word) {
    if (Texts.number(word).isEmpty()) {
      space(run, word); // a space that isn't one is more likely than a number that isn't
    }
    return Texts.count(word, "bytes", MOST);
  }

  private static WordAnswer bytes(InspectedMemory memory, long address, int length) {
    StringBuilder text = new StringBuilder();
    List<Object> rows = new ArrayList<>();
    boolean any = false;
    for (int done = 0; done < length;) {
      int piece = (int) Math.min(Math.min(ROW, length - done), InspectedMemory.PAGE - (address + done & InspectedMemory.PAGE - 1));
      byte[] bytes = memory.read(address + done, piece).orElse(new byte[0]);
      any |= bytes.length > 0;
      String hex = HexFormat.ofDelimiter(" ").formatHex(bytes);
      text.append("%016x  %-47s  %s%n".formatted(address + done, bytes.length == 0 ? memory.below().isEmpty() ? "no RAM"
          : "not mapped to RAM" : hex, letters(bytes)).replaceAll(" +\n", "\n"));
      rows.add(WordAnswer.map("address", WordAnswer.hex(address + done), "bytes", hex.replace(" ", "")));
      done += piece;
    }
    if (!any) {
      throw new BadInput("0x%x: %s".formatted(address, memory.below().isEmpty() ? "there is no RAM at this physical address"
          : "nothing is mapped to RAM there, for " + memory.name()
              + "; walk 0x%x shows how far its translation comes".formatted(address)));
    }
    return new WordAnswer(text.toString(), WordAnswer.map("memory", memory.name(), "rows", rows));
  }

  private static String letters(byte[] bytes) {
    StringBuilder letters = new StringBuilder();
    for (byte each : bytes) {
      letters.append(each >= ' ' && each < 0x7F ? (char) each : '.');
    }
    return letters.toString();
  }

  @Override
  List<String> candidates(InspectedRun run, List<String> words, String begun) {
    return words.size() == 1 ? both(symbols(run, begun), registers(run)) : both(List.of("physical"), run.cpus());
  }
}
