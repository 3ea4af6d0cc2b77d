// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.commands;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.inspect.api.InspectedProcessor;

/** {@code bt}: the chain of calls. */
final class BtCommand extends InspectCommand {
  private static final int MOST = 64;

  BtCommand(InspectedRuns runs) {
    super(runs, "bt", "[CPU] [json]", "the calls that led to where a CPU is, or 'all' CPUs", """
          As far as code that keeps frame pointers leaves a chain; code that keeps none has one caller at most, the first that is found on its stack.
          (xenolith) bt
          (xenolith) bt all
          """);
  }

  @Override
  WordAnswer answer(InspectedRun run, List<String> words) {
    if (words.size() > 1) {
      throw usage();
    }
    String which = words.isEmpty() ? "" : words.getFirst();
    List<InspectedProcessor> some = which.equals("all") ? run.view.processors() : List.of(which.isEmpty() ? run.processor() : run.processor(
        cpu(which)
            .orElseThrow(this::usage)));
    StringBuilder text = new StringBuilder();
    List<Object> data = new ArrayList<>();
    for (InspectedProcessor each : some) {
      text.append(PlaceText.of(run, each)).append('\n');
      List<Object> frames = new ArrayList<>();
      long[] calls = each.calls(MOST, address -> run.symbols.function(each, address));
      for (int i = 0; i < calls.length; i++) {
        String symbol = PlaceText.symbol(run, each, calls[i]).orElse("");
        text.append("  #%-2d 0x%016x %s".formatted(i, calls[i], symbol).stripTrailing()).append('\n');
        frames.add(WordAnswer.map("address", WordAnswer.hex(calls[i]), "symbol", symbol));
      }
      data.add(WordAnswer.map("cpu", each.index(), "frames", frames));
    }
    return new WordAnswer(text.toString(), WordAnswer.map("cpus", data));
  }

  @Override
  List<String> candidates(InspectedRun run, List<String> words, String begun) {
    return both(run.cpus(), List.of("all"));
  }
}
