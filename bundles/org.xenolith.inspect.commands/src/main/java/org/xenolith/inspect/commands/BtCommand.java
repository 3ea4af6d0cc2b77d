// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.machine.control.Hang;

/** {@code bt}: the chain of calls. */
final class BtCommand extends InspectCommand {
  private static final int MOST = 64;
  private static final int MOST_OF_MODEL = 12;

  BtCommand(InspectedRuns runs) {
    super(runs, "bt", "[CPU] [json]", "the calls that led to where a CPU is, or 'all' CPUs", """
          As far as code that keeps frame pointers leaves a chain; code that keeps none has one caller at most, the first that is found on its stack.
          While a model doesn't come back, as at a breakpoint of a Java debugger, the calls in Java are shown above those of the guest, whose instruction has led there.
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
    Optional<Hang> call = run.machine.hang();
    call.ifPresent(each -> text.append(model(each)));
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
    return new WordAnswer(text.toString(), call.isEmpty() ? WordAnswer.map("cpus", data) : WordAnswer.map("model", call.get().stack(),
        "cpus",
        data));
  }

  /** The Java side of a machine that is in a model's call: what the instruction below has led to. */
  private static String model(Hang call) {
    StringBuilder text = new StringBuilder(call + "; it stands in\n");
    call.stack().stream().limit(MOST_OF_MODEL).forEach(frame -> text.append("  java  ").append(frame).append('\n'));
    return text.toString();
  }

  @Override
  List<String> candidates(InspectedRun run, List<String> words, String begun) {
    return both(run.cpus(), List.of("all"));
  }
}
