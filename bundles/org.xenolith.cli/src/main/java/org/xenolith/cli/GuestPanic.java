package org.xenolith.cli;

import java.util.function.Function;
import org.xenolith.console.api.SerialPort.ByteSink;
import org.xenolith.launch.api.PanicWatch;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;

/** Whether the guest of a boot panicked: what its console says, if that is to end the run, and what the hypervisor says. */
final class GuestPanic implements ByteSink {
  private final Machine machine;
  private final PanicWatch watch;

  /** @param stops whether a panic on the console ends the run */
  GuestPanic(Machine machine, boolean stops) {
    this.machine = machine;
    watch = new PanicWatch(machine);
    if (!stops) {
      watch.expect();
    }
  }

  /** The board's console shows a byte. */
  @Override public void accept(int b) {
    watch.accept(b);
  }

  /** Lets the machine run to the limit of virtual nanoseconds, or to the end of what a panic leaves of them. */
  StopReason run(long limit, Function<RunLimit, StopReason> runs, ConsoleOutput console) {
    return watch.run(new RunLimit(limit, Long.MAX_VALUE), runs, () -> console.seen() || console.trouble() != null);
  }

  /** What the guest said when it panicked; empty if that isn't how the run ended. */
  String ending(StopReason reason) {
    if (reason == null || reason == StopReason.STOPPED || reason == StopReason.FAULT) {
      return "";
    }
    if (watch.panicked()) {
      return "'" + watch.message() + "'";
    }
    boolean told = reason == StopReason.RESET && machine.events().getOrDefault(PanicWatch.EVENT, 0L) > 0;
    return told ? "it told the hypervisor that it crashed" : "";
  }
}
