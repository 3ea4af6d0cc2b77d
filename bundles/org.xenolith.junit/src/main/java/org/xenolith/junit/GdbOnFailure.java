// SPDX-License-Identifier: EPL-2.0
package org.xenolith.junit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.HostReason;
import org.xenolith.command.api.OptionName;
import org.xenolith.launch.kit.HangLimit;
import org.xenolith.launch.kit.MachineLife;
import org.xenolith.launch.kit.RunDriver;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;

/**
 * A debugger at the machine of a test that has failed: its recording is run again, and halted where the test failed, until the debugger ends it.
 *
 * @param port    what the option {@code gdb} of launches is told
 * @param minutes how long it is waited for at most
 */
record GdbOnFailure(String port, long minutes) {
  /** The system property that asks for it. */
  static final String PROPERTY = "xenolith.junit.gdb";
  /** The system property that says how long a test waits. */
  static final String MINUTES = "xenolith.junit.gdb.minutes";
  private static final long USUAL_MINUTES = 60;

  /** What is asked for; empty if nothing is. */
  static Optional<GdbOnFailure> ofThisProcess() {
    return Optional.ofNullable(System.getProperty(PROPERTY)).map(port -> new GdbOnFailure(port, Long.getLong(MINUTES, USUAL_MINUTES)));
  }

  /** Waits for it to come and to end the run. @param at the test's machine, which stands where the test failed */
  void wait(SharedBoot boot, Path recording, Machine at) {
    try (MachineLife life = new MachineLife(boot.product().launcher(), HangLimit.USUAL, line -> {}, (kind, place, text) -> {})) {
      life.launch(boot.request(Map.of("gdb", List.of(port), "history", List.of("")))).machine().replay(recording);
      RunDriver driver = life.driver(false, HangLimit.NONE, line -> System.err.println("xenolith: " + line));
      driver.runTo(at.instructions(), at.now(), () -> false);
      System.err.println("xenolith: the test has failed, and its machine stays halted there for a debugger, for " + minutes
          + " minutes at most; 'kill' in it ends that");
      CompletableFuture.runAsync(driver::quit, CompletableFuture.delayedExecutor(minutes, TimeUnit.MINUTES));
      driver.halt();
      driver.run(RunLimit.NONE, () -> false);
    } catch (BadInput e) {
      complain(OptionName.show(e.getMessage(), name -> name));
    } catch (IOException e) {
      complain(HostReason.of(e).text());
    }
  }

  private void complain(String why) {
    System.err.println("xenolith: no debugger can come, -D" + PROPERTY + "=" + port + ": " + why);
  }
}
