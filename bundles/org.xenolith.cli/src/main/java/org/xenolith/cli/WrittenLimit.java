// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.math.BigDecimal;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xenolith.launch.kit.RunDriver;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;

/**
 * Where a run ends at the latest, as a person or a recording writes it: virtual seconds, or a moment as the prompt names it, {@code 935938248@955767450ns}. Several CPUs execute within one
 * nanosecond, so that seconds alone don't name the instruction at which a run stood.
 *
 * @param text         what was written
 * @param nanoseconds  virtual time
 * @param instructions executed on all CPUs together; {@link Long#MAX_VALUE} if only the time is said
 */
record WrittenLimit(String text, long nanoseconds, long instructions) {
  /** More virtual seconds than this are no limit that is meant. */
  private static final BigDecimal MOST = BigDecimal.valueOf(1_000_000_000);
  private static final int DECIMALS = 9;
  private static final Pattern MOMENT = Pattern.compile("(\\d+)@(\\d+)ns");
  /** Of a run that somebody sits at. */
  static final WrittenLimit NONE = new WrittenLimit("", Long.MAX_VALUE, Long.MAX_VALUE);
  /** Of a run that nobody sits at. */
  static final WrittenLimit USUAL = of("600");

  /** @throws NumberFormatException if it is no limit */
  static WrittenLimit of(String text) {
    Matcher moment = MOMENT.matcher(text.strip());
    if (moment.matches()) {
      return new WrittenLimit(text, Long.parseLong(moment.group(2)), Long.parseLong(moment.group(1)));
    }
    BigDecimal seconds = new BigDecimal(text.strip());
    boolean meant = seconds.signum() > 0 && seconds.compareTo(MOST) < 0;
    return new WrittenLimit(text, meant ? seconds.scaleByPowerOfTen(DECIMALS).longValue() : -1, Long.MAX_VALUE);
  }

  /** Whether a machine can run to there. */
  boolean possible() {
    return nanoseconds >= 0;
  }

  /** Runs a machine to there; as {@link RunDriver#run}. */
  StopReason run(RunDriver driver, BooleanSupplier over) {
    return instructions == Long.MAX_VALUE ? driver.run(new RunLimit(nanoseconds, instructions), over) : driver.runTo(instructions,
        nanoseconds,
        over);
  }
}
