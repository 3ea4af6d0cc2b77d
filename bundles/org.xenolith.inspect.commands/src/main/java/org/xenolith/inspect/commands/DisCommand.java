// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.commands;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.command.api.BadInput;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.InstructionText;
import org.xenolith.inspect.kit.NamedAddress;
import org.xenolith.inspect.kit.Texts;

/** {@code dis}: instructions as text. */
final class DisCommand extends InspectCommand {
  private static final int USUAL = 10;
  private static final int MOST = 1000;

  DisCommand(InspectedRuns runs) {
    super(runs, "dis", "[ADDRESS] [N] [json]", "instructions as text, from the next one on or from ADDRESS", """
          An ADDRESS is 0x…, a symbol or a register, also with +OFFSET; N is 10, 1000 at most.
          (xenolith) dis                        what is executed next
          (xenolith) dis start_kernel 20
          (xenolith) dis X30-4 1                the instruction that called
          """);
  }

  @Override
  WordAnswer answer(InspectedRun run, List<String> words) {
    if (words.size() > 2) {
      throw usage();
    }
    InspectedProcessor processor = run.processor();
    long address = words.isEmpty() ? processor.place().address() : NamedAddress.of(run.on, processor, words.getFirst()).address();
    int count = words.size() > 1 ? Texts.count(words.get(1), "instructions", MOST) : USUAL;
    List<InstructionText> instructions = processor.disassemble(address, count);
    if (instructions.isEmpty()) {
      throw new BadInput("0x%x: nothing is mapped to RAM there, for %s".formatted(address, processor.memory().name()));
    }
    StringBuilder text = new StringBuilder();
    List<Object> data = new ArrayList<>();
    String before = "";
    long here = processor.place().address();
    for (InstructionText each : instructions) {
      String symbol = PlaceText.symbol(run, processor, each.address()).orElse("");
      String function = symbol.replaceFirst("\\+0x[0-9a-f]+$", "");
      if (!function.isEmpty() && !function.equals(before)) {
        text.append(symbol).append(":\n");
      }
      before = function;
      text.append("%s %016x  %s%n".formatted(each.address() == here ? "=>" : "  ", each.address(), each.text()));
      data.add(WordAnswer.map("address", WordAnswer.hex(each.address()), "symbol", symbol, "length", each.length(), "text", each.text()));
    }
    return new WordAnswer(text.toString(), WordAnswer.map("cpu", processor.index(), "instructions", data));
  }

  @Override
  List<String> candidates(InspectedRun run, List<String> words, String begun) {
    return words.size() == 1 ? both(symbols(run, begun), registers(run)) : List.of();
  }
}
