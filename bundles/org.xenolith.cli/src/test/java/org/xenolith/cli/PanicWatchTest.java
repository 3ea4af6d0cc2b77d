// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.command.api.OptionName.option;

import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.xenolith.launch.api.RunEnd;
import org.xenolith.launch.kit.FirstLook;
import org.xenolith.launch.kit.PanicWatch;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;

class PanicWatchTest {
  private static final long SECOND = 1_000_000_000L;
  private static final String TEXT = "[    0.7] Kernel panic - not syncing: VFS: Unable to mount root fs\r\n";
  /** Virtual times to which the machine was let run. */
  private final List<Long> limits = new ArrayList<>();
  private Map<String, Long> events = Map.of();
  private boolean stop;
  /** Whether a reset would have booted the machine again, for each part of a run. */
  private final List<Boolean> booting = new ArrayList<>();
  private Runnable boot;
  private ConsoleOutput console;
  private PanicWatch panic;
  private long now;
  private Machine machine;

  /** Runs a guest that says something in its first second. */
  private String run(String says, String until, boolean stops, StopReason end) {
    machine = (Machine) Proxy.newProxyInstance(Machine.class.getClassLoader(), new Class<?>[] {Machine.class},
        (proxy, method, arguments) -> switch (method.getName()) {
          case "run" -> run(((RunLimit) arguments[0]).virtualNanoseconds(), says, end);
          case "stop" -> {
            stop = true;
            yield null;
          }
          case "now" -> now;
          case "instructions" -> now / 1000;
          case "processors" -> List.of(1, 2);
          case "events" -> events;
          case "onReset" -> {
            Runnable before = boot;
            boot = (Runnable) arguments[0];
            yield before;
          }
          default -> throw new UnsupportedOperationException(method.getName());
        });
    limits.clear();
    now = 0;
    stop = false;
    panic = new PanicWatch(machine);
    if (!stops) {
      panic.expect();
    }
    console = new ConsoleOutput(OutputStream.nullOutputStream(), until == null ? null : Pattern.compile(until), false, false,
        machine::stop);
    return panic.ending(panic.run(new RunLimit(600 * SECOND, Long.MAX_VALUE), machine::run, console::seen));
  }

  private StopReason run(long limit, String says, StopReason end) {
    limits.add(limit);
    booting.add(boot != null);
    if (now == 0) {
      now = SECOND;
      for (byte b : says.getBytes(StandardCharsets.UTF_8)) {
        panic.accept(b);
        console.accept(b);
      }
      if (stop) {
        return StopReason.STOPPED;
      }
    }
    now = limit;
    return end;
  }

  @Test
  void aPanicEndsTheRunTwoVirtualSecondsLater() {
    assertEquals("'Kernel panic - not syncing: VFS: Unable to mount root fs'", run(TEXT, null, true, StopReason.LIMIT));
    assertEquals(List.of(600 * SECOND, 3 * SECOND), limits);
  }

  @Test
  void whoLooksFirstIsLedToWhereTheKernelPanicked() {
    run(TEXT, null, true, StopReason.LIMIT);
    assertEquals(List.of("at 1000000@1000000000ns", "back-to panic", "bt all"), FirstLook.of(machine, panic));
    run("hello\n", null, true, StopReason.LIMIT);
    assertEquals(List.of("status", "bt all"), FirstLook.of(machine, panic));
  }

  @Test
  void toldToGoOnItGoesOn() {
    assertEquals("", run(TEXT, null, false, StopReason.LIMIT));
    assertEquals(600 * SECOND, limits.getLast());
  }

  @Test
  void aResetAfterThePanicIsOneOfAPanicAndAnotherIsNot() {
    assertEquals("'Kernel panic - not syncing: VFS: Unable to mount root fs'", run(TEXT, null, true, StopReason.RESET));
    assertEquals("", run("hello\n", null, true, StopReason.RESET));
  }

  @Test
  void aCrashThatTheHypervisorWasToldOfIsAPanic() {
    events = Map.of("guest-panic", 1L);
    assertEquals("it told the hypervisor that it crashed", run("hello\n", null, true, StopReason.RESET));
  }

  @Test
  void aMarkerThatThePanicBringsIsAMarker() {
    run(TEXT, "Kernel panic - not syncing", true, StopReason.LIMIT);
    assertEquals(true, console.seen());
    assertEquals(List.of(600 * SECOND), limits);
  }

  @Test
  void aPersonWhoQuitsMeanwhileIsBelieved() {
    assertEquals("", run(TEXT, null, true, StopReason.STOPPED));
  }

  @Test
  void anEndIsToldInOneSentence() {
    assertEquals("the guest panicked: 'Kernel panic'; the run ended at 3.000 virtual seconds (⟦on-panic⟧ continue lets it go on)",
        new RunEnd(StopReason.LIMIT, "'Kernel panic'", 3).text());
    assertEquals("the guest panicked: it told the hypervisor that it crashed; the run ended at 3.250 virtual seconds",
        new RunEnd(StopReason.RESET, "it told the hypervisor that it crashed", 3.25).text());
    assertEquals("the guest asked for a reset after 1.000 virtual seconds (" + option("on-reset") + " boot lets the machine boot again)",
        new RunEnd(StopReason.RESET, "", 1).text());
    assertEquals("", new RunEnd(StopReason.POWER_OFF, "", 1).text());
    assertEquals("hang", new RunEnd(null, "", 1).outcome());
  }

  @Test
  void aPanicThatNobodyWaitedForEndsWithItsReset() {
    boot = () -> {};
    assertEquals("'Kernel panic - not syncing: VFS: Unable to mount root fs'", run(TEXT, null, true, StopReason.RESET));
    assertEquals(List.of(true, false), booting);
    assertTrue(boot != null);
    booting.clear();
    run(TEXT, null, false, StopReason.RESET);
    assertFalse(booting.contains(false), booting.toString());
  }
}
