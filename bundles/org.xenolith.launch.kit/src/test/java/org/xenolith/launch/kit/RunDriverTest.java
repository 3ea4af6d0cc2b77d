// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch.kit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xenolith.command.api.ExitCode;
import org.xenolith.console.api.SerialPort;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.RunEnd;
import org.xenolith.launch.api.RunEnd.Sight;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.control.Hang;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.InputHandler;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.platform.api.Platform;

/** Runs of a machine whose guest says a text in its first virtual second, and then ends or hangs. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RunDriverTest {
  private static final long SECOND = 1_000_000_000L;
  private static final RunLimit LIMIT = new RunLimit(600 * SECOND, Long.MAX_VALUE);
  private static final String PANIC = "[    0.7] Kernel panic - not syncing: no init\n";
  private final SerialPort uart = new SerialPort();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final List<String> events = new CopyOnWriteArrayList<>();
  private final List<String> shown = new CopyOnWriteArrayList<>();
  private final CountDownLatch comesBack = new CountDownLatch(1);
  private InputHandler serial;
  private String says = "";
  private StopReason end = StopReason.POWER_OFF;
  private boolean hangs;
  private final AtomicInteger runs = new AtomicInteger();
  private volatile Hang hang;
  private volatile boolean stop;
  private volatile long now;

  @AfterEach
  void comeBack() {
    comesBack.countDown();
  }

  private Launch launch(String console) {
    Machine machine = (Machine) Proxy.newProxyInstance(Machine.class.getClassLoader(), new Class<?>[] {Machine.class},
        (proxy, method, arguments) -> switch (method.getName()) {
          case "run" -> run(((RunLimit) arguments[0]).virtualNanoseconds());
          case "stop" -> {
            stop = true;
            yield null;
          }
          case "now" -> now;
          case "instructions" -> now / 1000;
          case "hang" -> Optional.ofNullable(hang);
          case "port" -> uart;
          case "inputHandler" -> {
            serial = (InputHandler) arguments[1];
            yield null;
          }
          case "events" -> Map.of();
          case "devices" -> List.of();
          case "platform" -> new Platform("test", null, List.of(), null);
          case "eventLog" -> (EventLog) (kind, place, text) -> events.add(kind + " " + text);
          case "continuer", "onReset" -> null;
          case "record", "replay", "governor" -> {
            told.add(method.getName() + Arrays.toString(arguments));
            yield null;
          }
          default -> throw new UnsupportedOperationException(method.getName());
        });
    return (Launch) Proxy.newProxyInstance(Launch.class.getClassLoader(), new Class<?>[] {Launch.class},
        (proxy, method, arguments) -> switch (method.getName()) {
          case "machine" -> machine;
          case "console" -> console;
          case "connect" -> {
            told.add("connect");
            yield null;
          }
          case "debug" -> (Runnable) () -> {
          };
          default -> throw new UnsupportedOperationException(method.getName());
        });
  }

  private StopReason run(long limit) throws InterruptedException {
    runs.incrementAndGet();
    if (now == 0) {
      now = SECOND;
      for (byte b : says.getBytes(StandardCharsets.UTF_8)) {
        uart.transmit(b);
      }
    }
    if (hangs) {
      hang = new Hang("/rtc", "org.x.rtc", "1.0.0", "running", 7 * SECOND, List.of());
      comesBack.await();
      hang = null;
    }
    if (stop) {
      stop = false;
      return StopReason.STOPPED;
    }
    if (end == StopReason.LIMIT) {
      now = limit;
    }
    return end;
  }

  private RunDriver driver(boolean stopsAtPanic, HangLimit limit) {
    return new RunDriver(launch("/uart"), stopsAtPanic, limit, told::add);
  }

  private static StopReason run(RunDriver driver) {
    return driver.run(LIMIT, () -> false);
  }

  @Test
  void howTheGuestEndsTheRunIsASentenceAndAnExitCode() {
    RunDriver driver = driver(true, HangLimit.USUAL);
    assertEquals(StopReason.POWER_OFF, run(driver));
    assertEquals(ExitCode.DONE, driver.end(Sight.UNASKED).exitCode());
    assertEquals(ExitCode.NOT_SEEN, driver.end(Sight.UNSEEN).exitCode());
    end = StopReason.IDLE;
    run(driver);
    RunEnd idle = driver.end(Sight.UNASKED);
    assertEquals("the guest waits for ever: all CPUs idle after 1.000 virtual seconds and nothing is armed", idle.text());
    assertEquals(ExitCode.GUEST_FAILED, idle.exitCode());
  }

  @Test
  void aPanicOnTheBoardsConsoleEndsTheRunWhoeverIsConnectedToIt() {
    says = PANIC;
    end = StopReason.LIMIT;
    RunDriver nobody = driver(true, HangLimit.USUAL);
    assertEquals(StopReason.LIMIT, run(nobody));
    assertEquals("the guest panicked: 'Kernel panic - not syncing: no init'; the run ended at 3.000 virtual seconds"
        + " (⟦on-panic⟧ continue lets it go on)", nobody.end(Sight.UNASKED).text());
    now = 0;
    RunDriver copy = driver(true, HangLimit.USUAL);
    copy.board(b -> shown.add(Character.toString(b)));
    run(copy);
    assertEquals("panic", copy.end(Sight.UNASKED).outcome());
    now = 0;
    RunDriver person = driver(true, HangLimit.USUAL);
    person.console(b -> shown.add(Character.toString(b)));
    run(person);
    assertEquals("panic", person.end(Sight.UNASKED).outcome());
    assertEquals(PANIC + PANIC, String.join("", shown));
  }

  @Test
  void aPanicThatSomebodyWantsToSeeThroughEndsNothing() {
    says = PANIC;
    end = StopReason.LIMIT;
    RunDriver driver = driver(false, HangLimit.USUAL);
    run(driver);
    assertEquals("limit", driver.end(Sight.UNASKED).outcome());
    assertEquals(600 * SECOND, now);
  }

  @Test
  void aCallThatDoesNotComeBackIsLeftWhenItHasTakenTooLong() {
    hangs = true;
    List<String> heard = new ArrayList<>();
    RunDriver driver = driver(true, HangLimit.ofSeconds(6));
    driver.onHang(hang -> heard.add(hang.map(Hang::toString).orElse("over")));
    assertNull(run(driver));
    assertEquals("/rtc: org.x.rtc 1.0.0 has not come back for 7 s: the run was ended", RunEnd.left(driver.left()));
    assertEquals(List.of("/rtc: org.x.rtc 1.0.0 has not come back for 7 s"), heard);
    RunEnd left = driver.end(Sight.UNASKED);
    assertEquals("hang", left.outcome());
    assertEquals(ExitCode.INTERNAL_FAULT, left.exitCode());
  }

  @Test
  void withoutALimitSomebodyDecidesWhetherTheRunIsLeft() {
    hangs = true;
    RunDriver driver = driver(true, HangLimit.NONE);
    driver.onHang(hang -> hang.ifPresent(who -> driver.quit()));
    assertNull(run(driver));
    assertTrue(driver.isQuitting());
    assertEquals("/rtc", driver.left().instance());
  }

  @Test
  void aCallThatComesBackInTimeIsNoEnd() {
    hangs = true;
    List<String> heard = new ArrayList<>();
    RunDriver driver = driver(true, HangLimit.ofSeconds(8));
    driver.onHang(hang -> {
      heard.add(hang.map(Hang::toString).orElse("over"));
      comesBack.countDown();
    });
    assertEquals(StopReason.POWER_OFF, run(driver));
    assertNull(driver.left());
    assertEquals(List.of("/rtc: org.x.rtc 1.0.0 has not come back for 7 s", "over"), heard);
  }

  @Test
  void whoQuitsEndsARunOfAMachineThatIsWell() {
    RunDriver driver = driver(true, HangLimit.NONE);
    driver.quit();
    assertEquals(StopReason.STOPPED, run(driver));
    assertEquals("stopped", driver.end(Sight.UNASKED).outcome());
  }

  @Test
  void whatInterruptsTheDriversThreadEndsNothingAndIsToldOnce() {
    RunDriver driver = driver(true, HangLimit.NONE);
    for (int i = 0; i < 2; i++) {
      Thread.currentThread().interrupt();
      assertEquals(StopReason.POWER_OFF, run(driver));
    }
    assertEquals(List.of("a bundle interrupts threads that aren't its own; the run goes on"), told);
  }

  @Test
  void whatIsBroughtForASerialLineIsTakenToIt() {
    driver(true, HangLimit.NONE);
    byte[] bytes = {'k', 'e', 'y'};
    assertEquals(3, serial.apply("/uart", bytes));
    byte[] taken = {(byte) uart.receive(), (byte) uart.receive(), (byte) uart.receive()};
    assertArrayEquals(bytes, taken);
  }

  @Test
  void whatAPersonTypedAndNobodyReadIsToldAtTheEndButNotOfAMachineThatWasLeft() {
    uart.deaf();
    RunDriver driver = driver(true, HangLimit.ofSeconds(1));
    driver.console(b -> {}).type(new byte[] {'k'});
    hangs = true;
    assertNull(run(driver));
    assertEquals(List.of(), events);
    hangs = false;
    run(driver);
    assertEquals(List.of("input-lost 1 bytes of input were never read by the guest"), events);
  }

  @Test
  void aBoardWithoutAConsoleCanShowNothing() {
    RunDriver driver = new RunDriver(launch(""), true, HangLimit.NONE, told::add);
    driver.board(b -> {});
    driver.console(b -> {});
    run(driver);
    assertEquals(Sight.BLIND, driver.end(Sight.UNASKED).sight());
    assertEquals(Sight.UNSEEN, driver.end(Sight.UNSEEN).sight());
  }

  @Test
  void inputIsBroughtRecordedOrAJournals() {
    RunDriver driver = driver(true, HangLimit.USUAL);
    driver.input(Optional.of(Path.of("j")), "boot virt", Optional.empty(), true);
    assertEquals(List.of("record[j, boot virt]", "governor[true]", "connect"), told);
    told.clear();
    driver.input(Optional.empty(), "boot virt", Optional.of(Path.of("j")), true);
    assertEquals(List.of("replay[j]", "governor[false]"), told, "nobody is waited for, and no network is opened");
    told.clear();
    driver.input(Optional.empty(), "", Optional.empty(), false);
    assertEquals(List.of("governor[false]", "connect"), told);
  }

  /** Runs it on a thread of its own to where the guest has said its line, at which it is paused. */
  private CompletableFuture<StopReason> paused(RunDriver driver) throws InterruptedException {
    CountDownLatch pauses = new CountDownLatch(1);
    driver.board(b -> {
      if (b == '\n') {
        driver.pause();
        pauses.countDown();
      }
    });
    CompletableFuture<StopReason> run = CompletableFuture.supplyAsync(() -> run(driver));
    pauses.await();
    assertFalse(run.isDone());
    return run;
  }

  @Test
  void aPausedMachineStandsStillAndGoesOnAsIfNothingHadBeen() throws Exception {
    says = "hello\n";
    RunDriver driver = driver(true, HangLimit.USUAL);
    CompletableFuture<StopReason> run = paused(driver);
    assertEquals(1, runs.get());
    driver.resume();
    assertEquals(StopReason.POWER_OFF, run.get());
    assertEquals(2, runs.get());
    assertEquals(StopReason.POWER_OFF, driver.end(Sight.UNASKED).reason());
  }

  @Test
  void aPausedMachineCanBeEnded() throws Exception {
    says = "hello\n";
    RunDriver driver = driver(true, HangLimit.USUAL);
    CompletableFuture<StopReason> run = paused(driver);
    driver.quit();
    assertEquals(StopReason.STOPPED, run.get());
    assertEquals(1, runs.get());
  }

  /** The pause comes where the machine stops for the panic anyway. */
  @Test
  void aPanicEndsTheRunThatIsPausedJustThen() throws Exception {
    says = PANIC;
    end = StopReason.LIMIT;
    RunDriver driver = driver(true, HangLimit.USUAL);
    CompletableFuture<StopReason> run = paused(driver);
    driver.resume();
    assertEquals(StopReason.LIMIT, run.get());
    assertTrue(now < LIMIT.virtualNanoseconds(), "the time that a panic leaves");
    assertEquals("panic", driver.end(Sight.UNASKED).outcome());
  }

  @Test
  void whoIsPausedAndResumedAtOnceDoesNotEnd() {
    RunDriver driver = driver(true, HangLimit.USUAL);
    driver.pause();
    driver.resume();
    assertEquals(StopReason.POWER_OFF, run(driver));
  }
}
