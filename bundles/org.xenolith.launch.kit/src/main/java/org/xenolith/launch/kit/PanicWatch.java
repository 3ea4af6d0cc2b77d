// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch.kit;

import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.xenolith.command.api.BadInput;
import org.xenolith.launch.api.RunEnd;
import org.xenolith.launch.api.RunEnd.Sight;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;

/**
 * Looks at a machine's console for the line with which Linux gives up ("Kernel panic - not syncing: ...", at the beginning of a
 * line or behind the brackets of its time stamp) and ends the run some virtual time later, for a guest that nobody reboots then
 * spins for ever. The end depends on virtual time alone: equal runs end alike. {@link #run} stands in for {@link Machine#run}.
 */
public final class PanicWatch {
  /** Virtual nanoseconds between a panic and the end of the run: its text takes far less, and a reboot may follow. */
  public static final long GRACE = 2_000_000_000L;

  /** What may follow a panic: the run stops. */
  public static final String STOP = "stop";
  /** What may follow a panic: the run goes on. */
  public static final String CONTINUE = "continue";
  private static final byte[] PHRASE = "Kernel panic - not syncing".getBytes(StandardCharsets.US_ASCII);
  private static final int LONGEST_LINE = 512;
  private static final double NANOSECONDS = 1e9;

  private final Machine machine;
  private byte[] line = new byte[LONGEST_LINE];
  private int length;
  /** The last complete line that had the phrase. */
  private byte[] told = new byte[LONGEST_LINE];
  private int toldLength;
  /** How many of the phrase's bytes the console's last ones are. */
  private int matched;
  /** Whether the line so far has the phrase. */
  private boolean has;
  private boolean seen;
  private boolean expected;
  private long end = Long.MAX_VALUE;
  private String moment = "";

  /** Whether a text says that the run stops. @throws BadInput if it is neither {@link #STOP} nor {@link #CONTINUE} */
  public static boolean stops(String text) {
    if (!text.equals(STOP) && !text.equals(CONTINUE)) {
      throw BadInput.at("on-panic", text, "expected stop or continue");
    }
    return text.equals(STOP);
  }

  /** For a machine that is to run. */
  public PanicWatch(Machine machine) {
    this.machine = machine;
  }

  /**
   * The console shows a byte. On the machine's thread.
   *
   * @param b 0 to 255
   */
  public void accept(int b) {
    if (b == '\n' || b == '\r') {
      finishLine();
      return;
    }
    if (matched > 0 && b == PHRASE[matched]) {
      matched++;
    } else {
      // No other byte of the phrase is like its first one.
      matched = b == PHRASE[0] && (seen || atBeginning()) ? 1 : 0;
    }
    if (length < LONGEST_LINE) {
      line[length++] = (byte) b;
    }
    if (matched == PHRASE.length) {
      matched = 0;
      has = true;
      if (!seen) {
        seen = true;
        machine.stop();
      }
    }
  }

  private void finishLine() {
    if (has) {
      byte[] other = told;
      told = line;
      toldLength = length;
      line = other;
    }
    has = false;
    length = 0;
    matched = 0;
  }

  /** Whether a kernel's message begins with the next byte. */
  private boolean atBeginning() {
    return length == 0 || length > 1 && length < LONGEST_LINE && line[length - 1] == ' ' && line[length - 2] == ']';
  }

  /**
   * Lets the machine run, at most to the end of the time that a panic leaves.
   *
   * @param runs runs the machine to a limit, as {@link Machine#run} does
   * @param over whether what the run is for has come, so that a panic at the same moment leaves no time
   * @return why it ended; {@link StopReason#LIMIT} also at the end of that time
   */
  public StopReason run(RunLimit limit, Function<RunLimit, StopReason> runs, BooleanSupplier over) {
    boolean before = seen;
    StopReason reason = runs(limit, runs);
    if (reason != StopReason.STOPPED || seen == before) {
      return reason;
    }
    end = machine.now() + GRACE;
    moment = machine.instructions() + "@" + machine.now() + "ns";
    return over.getAsBoolean() ? reason : runs(limit, runs);
  }

  /** A reset after a panic that nobody waited for is the end, whatever follows another one. */
  private StopReason runs(RunLimit limit, Function<RunLimit, StopReason> runs) {
    if (!panicked()) {
      return runs.apply(within(limit));
    }
    Runnable boot = machine.onReset(null);
    try {
      return runs.apply(within(limit));
    } finally {
      machine.onReset(boot);
    }
  }

  private RunLimit within(RunLimit limit) {
    return expected ? limit : new RunLimit(Math.min(limit.virtualNanoseconds(), end), limit.instructions());
  }

  /** From now on a panic is what somebody waits for, and ends no run. */
  public void expect() {
    expected = true;
  }

  /** The same if the panic's line, the first or the one that ends its text, matches what somebody waited for. */
  public void expect(Pattern pattern) {
    if (seen && (pattern.matcher(text(told, toldLength)).find() || has && pattern.matcher(text(line, length)).find())) {
      expected = true;
    }
  }

  /** Whether the guest panicked and nobody waited for that. */
  public boolean panicked() {
    return seen && !expected;
  }

  /** When the guest said so, behind the instruction that showed it, as a past's {@code at} takes it: instructions and virtual nanoseconds. Empty if it didn't. */
  public String moment() {
    return moment;
  }

  /**
   * What the guest said when it panicked, for a person; empty if that isn't how the run ended.
   *
   * @param reason how it did; null if the machine was left in a call that doesn't come back
   */
  public String ending(StopReason reason) {
    if (reason == null || reason == StopReason.STOPPED || reason == StopReason.FAULT) {
      return "";
    }
    if (panicked()) {
      return "'" + message() + "'";
    }
    boolean told = reason == StopReason.RESET && machine.events().getOrDefault(RunEnd.GUEST_PANIC, 0L) > 0;
    boolean failed = reason == StopReason.POWER_OFF && machine.events().getOrDefault(RunEnd.LAST_DOMAIN_FAILED, 0L) > 0;
    return told ? "it told the hypervisor that it crashed" : failed ? "the last domain that could run didn't power off, but failed" : "";
  }

  /** The end of the machine's run that has just ended, of which nobody waited for a text. */
  public RunEnd end(StopReason reason) {
    return end(reason, Sight.UNASKED);
  }

  /** The same of a run of which more is known. @param sight what could be seen of it */
  public RunEnd end(StopReason reason, Sight sight) {
    return new RunEnd(reason, ending(reason), machine.now() / NANOSECONDS, sight, reason == StopReason.EXIT ? machine.exitStatus().orElse(0)
        : 0);
  }

  /** What the guest said, without what precedes it in its line. */
  public String message() {
    String text = toldLength > 0 ? text(told, toldLength) : text(line, length);
    int begin = text.indexOf(text(PHRASE, PHRASE.length));
    return begin < 0 ? text : text.substring(begin).replaceFirst(" ]---$", "");
  }

  private static String text(byte[] bytes, int count) {
    return new String(bytes, 0, count, StandardCharsets.UTF_8);
  }
}
