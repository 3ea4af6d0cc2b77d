// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.guest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.machine.control.MachineState;

/**
 * Kernels that boot once for all tests: each test has a fork of its own from a state of the boot, and what it does to that is gone when it's closed. Not for what is claimed of a boot itself.
 */
public final class BootedGuest {
  /** Instructions that have been executed where the forks begin: the kernel is in its C code, has its page tables, and goes on to boot. */
  public static final long BOOTED = 300_000_000;
  private static final Map<String, BootedGuest> GUESTS = new HashMap<>();

  /** Closed, so that no test that changes bundles changes it. */
  private final Launch launch;
  private final MachineState state;

  private BootedGuest(String board) {
    launch = InstalledProduct.get().service(Launcher.class).launch(request(board), line -> {}, (kind, place, text) -> {});
    try (launch) {
      StopReason reason = launch.machine().run(new RunLimit(Long.MAX_VALUE, BOOTED));
      if (reason != StopReason.LIMIT) {
        throw new AssertionError(board + " ended with " + reason);
      }
      state = launch.machine().state();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A machine whose kernel has executed {@link #BOOTED} instructions; whoever has it closes it.
   *
   * @param board {@code virt} or {@code pc-pvh}
   */
  public static synchronized Launch fork(String board) {
    BootedGuest booted = GUESTS.computeIfAbsent(board, BootedGuest::new);
    return booted.launch.fork(booted.state, (kind, place, text) -> {});
  }

  /** What they are: a board with one CPU and 256 MiB, whose usual kernel speaks on its console from the beginning. */
  public static LaunchRequest request(String board) {
    return RequestBuilder.of(board).cpus(1).memory(256L << 20).append(board.equals("virt") ? "earlycon" : "earlycon=uart8250,io,0x3f8")
        .build();
  }
}
