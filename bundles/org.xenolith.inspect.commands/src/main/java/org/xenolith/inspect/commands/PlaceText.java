// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.commands;

import java.util.Map;
import java.util.Optional;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.ProcessorPlace;

/** Where processors are, for people. */
final class PlaceText {
  private PlaceText() {}

  /** {@code cpu0 at 0xffff800008b40000 start_kernel, the level, d0}. */
  static String of(InspectedRun run, InspectedProcessor processor) {
    return run.on.place(processor);
  }

  /** A blank and the symbol of an address, or nothing. */
  static String name(InspectedRun run, InspectedProcessor processor, long address) {
    return run.on.name(processor, address);
  }

  static Optional<String> symbol(InspectedRun run, InspectedProcessor processor, long address) {
    return run.symbols.text(processor, address);
  }

  /** The same as data. */
  static Map<String, Object> data(InspectedRun run, InspectedProcessor processor) {
    ProcessorPlace place = processor.place();
    return WordAnswer.map("cpu", processor.index(), "address", WordAnswer.hex(place.address()), "symbol", symbol(run, processor, place
        .address())
        .orElse(
            ""), "level", place.level(), "addressSpace", place.addressSpace(), "guest", run.view.guest(place));
  }

  /** The place and the instruction there, two lines. */
  static String standing(InspectedRun run, InspectedProcessor processor) {
    return run.on.standing(processor);
  }

  /** When it is. */
  static String time(InspectedRun run) {
    return "%,d instructions, %.9f virtual seconds%n".formatted(run.machine.instructions(), run.machine.now() / 1e9);
  }

  /** What is told when a break was reached. */
  static String stopped(InspectedRun run, Breaks.Reached reached) {
    StringBuilder text = new StringBuilder("stopped: break " + reached.number() + ", " + reached.what() + "; " + time(run));
    run.view.processor(run.chosen()).ifPresent(each -> text.append(standing(run, each)));
    return text.toString();
  }
}
