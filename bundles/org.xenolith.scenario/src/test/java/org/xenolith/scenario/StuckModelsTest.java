// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.xenolith.command.api.ExitCode;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.MachineLife;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.scenario.api.ScenarioResult;
import org.xenolith.scenario.file.ScriptReader;

/** Scenarios whose machine has a model that hangs where no guest runs: each has an end. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StuckModelsTest {
  private static final String HANGS = "/uart: org.x.uart 1.0.0 has not come back for 3 s";
  private final CountDownLatch comesBack = new CountDownLatch(1);
  private final ScriptedMachine machine = new ScriptedMachine(StopReason.POWER_OFF, "one", "two", "three", "four", "five");
  @TempDir
  Path folder;

  @AfterEach
  void comeBack() {
    comesBack.countDown();
  }

  /** The scripted machine, of which a call doesn't come back. */
  private Launcher hangingIn(String call) {
    return (Launcher) Proxy.newProxyInstance(Launcher.class.getClassLoader(), new Class<?>[] {Launcher.class}, (self, method,
        arguments) -> {
      if (!method.getName().equals("launch")) {
        return method.invoke(machine, arguments);
      }
      EventLog events = (EventLog) arguments[2];
      hang(call.equals("launch"), events);
      Launch launch = machine.launch((LaunchRequest) arguments[0], line -> {}, events);
      return Proxy.newProxyInstance(Launch.class.getClassLoader(), new Class<?>[] {Launch.class}, (self2, method2, arguments2) -> {
        hang(call.equals(method2.getName()), events);
        return method2.invoke(launch, arguments2);
      });
    });
  }

  private void hang(boolean does, EventLog events) throws InterruptedException {
    if (does) {
      events.announce(MachineLife.HANGS, "/uart", HANGS + "\n    at org.x.Uart.create(Uart.java:7)");
      comesBack.await();
    }
  }

  private ScenarioResult run(String call) throws IOException {
    BundleContext none = (BundleContext) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {BundleContext.class},
        (self, method, arguments) -> new Bundle[0]);
    Services services = new Services(none, hangingIn(call), null, List.of(), List.of(), List.of(), List.of(), List.of());
    Path file = Files.writeString(folder.resolve("a.yaml"),
        "limit: {virtual: 100s, host: 1s}\nguest: {name: tiny}\nsteps:\n  - wait: 2s\n  - save: two\n  - wait: 1s\n");
    return new ScenarioRun(new ScriptReader(services.kinds(), List.of()).read(file, Map.of()), services, RunOptions.plain(Map.of())).run();
  }

  private static void ends(ScenarioResult result, String where) {
    assertFalse(result.passed());
    assertEquals(ExitCode.INTERNAL_FAULT, result.exitCode(), result.report());
    assertTrue(result.report().contains(where) && result.report().contains(HANGS + ": the machine was given up\n"), result.report());
    assertFalse(result.report().contains("Exception"), result.report());
  }

  @Test
  void aModelThatHangsWhileTheMachineIsMadeEndsTheScenario() throws IOException {
    ends(run("launch"), "launch failed");
  }

  @Test
  void aModelThatHangsWhileTheMachineIsSavedEndsTheScenario() throws IOException {
    ends(run("save"), "save two, failed");
    assertFalse(machine.closed(), "nobody touches it any more");
  }

  @Test
  void aModelThatHangsWhileTheMachineIsClosedIsSaid() throws IOException {
    ends(run("close"), "close the machine failed");
  }
}
