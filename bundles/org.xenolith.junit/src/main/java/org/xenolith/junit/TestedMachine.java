// SPDX-License-Identifier: EPL-2.0
package org.xenolith.junit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.xenolith.command.api.HostReason;
import org.xenolith.launch.kit.HangLimit;
import org.xenolith.launch.kit.MachineLife;
import org.xenolith.machine.control.Machine;

/** A test's fork, its share of memory, and what it recorded. */
final class TestedMachine implements AutoCloseable {
  private final SharedBoot boot;
  private final AutoCloseable share;
  private final MachineLife life;
  private final GuestMachine machine;
  private final Path inputs;
  private final int header;
  private final String test;

  private TestedMachine(SharedBoot boot, AutoCloseable share, MachineLife life, GuestMachine machine, Path inputs, String test)
      throws IOException {
    this.boot = boot;
    this.share = share;
    this.life = life;
    this.machine = machine;
    this.inputs = inputs;
    this.test = test;
    machine.launch().machine().name(test);
    machine.launch().machine().record(inputs, boot.command(Map.of()));
    header = Files.readAllLines(inputs).size();
  }

  /** A fork of a boot. @param inputs a file that there isn't yet @param test its name, of which a file's can be made */
  static TestedMachine of(SharedBoot boot, MemoryShare memory, Path inputs, String test) {
    AutoCloseable share = memory.take(boot.ram());
    Deque<String> events = new ArrayDeque<>();
    MachineLife life = new MachineLife(boot.product().launcher(), HangLimit.USUAL, line -> {}, (kind, place, text) -> GuestMachine.keep(
        events, kind, place, text));
    try {
      return new TestedMachine(boot, share, life, boot.fork(life, events), inputs, test);
    } catch (Throwable e) {
      giveBack(life, share);
      throw e instanceof IOException trouble ? new UncheckedIOException(trouble) : TestedMachine.<RuntimeException>same(e);
    }
  }

  /** What no method declares here is unchecked. */
  @SuppressWarnings("unchecked")
  private static <T extends Throwable> T same(Throwable thrown) throws T {
    throw (T) thrown;
  }

  GuestMachine machine() {
    return machine;
  }

  /** The test has failed: leaves a recording. Returns what a person is told of it. */
  String failed() {
    Machine at = machine.launch().machine();
    List<String> recorded;
    try {
      recorded = Files.readAllLines(inputs);
    } catch (IOException e) {
      return "no recording of it could be kept: " + HostReason.of(e).text();
    }
    String told = TestRecording.leave(boot, test, recorded.subList(header, recorded.size()), at);
    GdbOnFailure.ofThisProcess().ifPresent(gdb -> gdb.wait(boot, TestRecording.file(test), at));
    return told;
  }

  @Override
  public void close() {
    giveBack(life, share);
    StartedProduct.delete(inputs.getParent());
  }

  private static void giveBack(MachineLife life, AutoCloseable share) {
    try (share) {
      life.close();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
