// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch.api;

import static org.xenolith.command.api.OptionName.option;

import java.nio.file.Path;
import java.util.Locale;
import org.xenolith.command.api.ExitCode;
import org.xenolith.machine.control.Hang;
import org.xenolith.machine.control.Machine.StopReason;

/**
 * How a run ended, for people and for programs, in the same words wherever it is told.
 *
 * @param reason         why the machine ended it; null if it was left in a call that doesn't come back
 * @param panic          what the guest said when it panicked, in a few words; empty if it didn't
 * @param virtualSeconds when, since power-on
 * @param sight          what could be seen of it
 * @param exitStatus     what the guest gave, if it ended the run with a status of its own ({@link StopReason#EXIT}); else 0
 */
public record RunEnd(StopReason reason, String panic, double virtualSeconds, Sight sight, int exitStatus) {
  /**
   * Kind of the event with which a hypervisor says that Dom0 shut down because it crashed ({@code SHUTDOWN_crash}): the machine's
   * reset, which follows, is that of a panic.
   */
  public static final String GUEST_PANIC = "guest-panic";

  /**
   * Kind of the event with which a hypervisor says that the last domain that could run did not end well: the power-off of the machine, which follows, is
   * that of a panic.
   */
  public static final String LAST_DOMAIN_FAILED = "last-domain-failed";

  /** What a run could show to who started it. */
  public enum Sight {
    /** Nobody waited for a text. */
    UNASKED,
    /** The text that was waited for was seen. */
    SEEN,
    /** It was not. */
    UNSEEN,
    /** Nothing could be seen: the console that is shown has no model, and nothing came from it. */
    BLIND
  }

  private static final int LARGEST_CODE = 255;

  /** The end of a run that the guest ended with no status of its own. */
  public RunEnd(StopReason reason, String panic, double virtualSeconds, Sight sight) {
    this(reason, panic, virtualSeconds, sight, 0);
  }

  /** The end of a run of which nobody waited for a text. */
  public RunEnd(StopReason reason, String panic, double virtualSeconds) {
    this(reason, panic, virtualSeconds, Sight.UNASKED);
  }

  /**
   * {@code marker}, {@code hang}, {@code panic}, {@code poweroff}, {@code exit}, {@code guest-failed}, {@code idle}, {@code exception-loop}, {@code limit},
   * {@code stopped}, {@code fault}; or {@code unseen} where the guest powered off or ended it with status 0, or somebody stopped it, and what was to be seen was not.
   */
  public String outcome() {
    if (sight == Sight.SEEN) {
      return "marker";
    }
    if (reason == null) {
      return "hang";
    }
    return !panic.isEmpty() ? "panic" : switch (reason) {
      case POWER_OFF -> sight == Sight.UNASKED ? "poweroff" : "unseen";
      case EXIT -> exitStatus == 0 && sight == Sight.UNSEEN ? "unseen" : "exit";
      case RESET -> "guest-failed";
      case IDLE -> "idle";
      case EXCEPTION_LOOP -> "exception-loop";
      case LIMIT -> "limit";
      case STOPPED -> sight == Sight.UNSEEN ? "unseen" : "stopped";
      case FAULT -> "fault";
    };
  }

  /**
   * The exit code of a program whose run ended so: of {@link ExitCode}, but for the outcome {@code exit}. Then it is the guest's status, so far as a process can
   * have it: its low eight bits, or {@link ExitCode#GUEST_FAILED} if these are 0 and the status isn't.
   */
  public int exitCode() {
    return switch (outcome()) {
      case "marker", "poweroff", "stopped" -> ExitCode.DONE;
      case "limit" -> ExitCode.LIMIT;
      case "fault", "hang" -> ExitCode.INTERNAL_FAULT;
      case "unseen" -> ExitCode.NOT_SEEN;
      case "exit" -> exitStatus != 0 && (exitStatus & LARGEST_CODE) == 0 ? ExitCode.GUEST_FAILED : exitStatus & LARGEST_CODE;
      default -> ExitCode.GUEST_FAILED;
    };
  }

  /** What a person is told of it; empty for a hang, which was told, and for what somebody wanted: that it is stopped or powers off. */
  public String text() {
    String text = sentence();
    return sight == Sight.UNSEEN && !text.isEmpty() ? text + " and the " + option("until") + " text was not seen" : text;
  }

  private String sentence() {
    return switch (outcome()) {
      case "unseen" -> reason == StopReason.STOPPED ? "the run was stopped after " + seconds() + " virtual seconds"
          : reason == StopReason.EXIT ? exited() : "the guest powered off after " + seconds() + " virtual seconds" + (sight == Sight.BLIND
              ? ", and nothing of it could be seen: the console has no model" : "");
      case "exit" -> exitStatus == 0 ? "" : exited() + (exitStatus == exitCode() ? "" : "; the exit code is " + exitCode());
      case "guest-failed" -> "the guest asked for a reset after " + seconds() + " virtual seconds (" + option("on-reset")
          + " boot lets the machine boot again)";
      case "panic" -> "the guest panicked: " + panic + "; the run ended at " + seconds() + " virtual seconds"
          + (reason == StopReason.LIMIT ? " (" + option("on-panic") + " continue lets it go on)" : "");
      case "idle" -> "the guest waits for ever: all CPUs idle after " + seconds() + " virtual seconds and nothing is armed";
      case "exception-loop" -> "the guest takes the same exception for ever: the run ended at " + seconds() + " virtual seconds";
      case "limit" -> "the limit of virtual time was reached at " + seconds() + " s";
      case "fault" -> "internal fault at " + seconds() + " virtual seconds";
      default -> "";
    };
  }

  private String exited() {
    return "the guest ended the run with exit status " + exitStatus + " after " + seconds() + " virtual seconds";
  }

  private String seconds() {
    return String.format(Locale.ROOT, "%.3f", virtualSeconds);
  }

  /** What a person is told of a run that was ended because of a call that doesn't come back. */
  public static String left(Hang hang) {
    return hang + ": the run was ended";
  }

  /** What a person is told who wanted a snapshot of such a run. */
  public static String unsaved(Path folder) {
    return option("save") + " '" + folder + "': nothing was saved, the machine is in the middle of a call that doesn't come back";
  }
}
