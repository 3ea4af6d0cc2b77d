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
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.xenolith.command.api.ExitCode;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.HangLimit;
import org.xenolith.launch.kit.MachineLife;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.control.Hang;
import org.xenolith.machine.control.Machine;
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

  /** The same machine, of which a run doesn't come back when it has been given something to do. */
  private Launcher hangingWhenItIsAsked() {
    AtomicReference<Hang> hang = new AtomicReference<>();
    Launch launch = machine.launch(RequestBuilder.of("virt").build(), line -> {}, (kind, place, text) -> {});
    Machine hanging = (Machine) Proxy.newProxyInstance(Machine.class.getClassLoader(), new Class<?>[] {Machine.class}, (self, method,
        arguments) -> switch (method.getName()) {
          case "hang" -> Optional.ofNullable(hang.get());
          case "input" -> {
            hang.set(new Hang("/uart", "org.x.uart", "1.0.0", "while the machine ran", 3_000_000_000L, List.of()));
            yield null;
          }
          case "run" -> {
            if (hang.get() != null) {
              comesBack.await();
            }
            yield method.invoke(launch.machine(), arguments);
          }
          default -> method.invoke(launch.machine(), arguments);
        });
    Launch with = (Launch) Proxy.newProxyInstance(Launch.class.getClassLoader(), new Class<?>[] {Launch.class}, (self, method,
        arguments) -> method.getName().equals("machine") ? hanging : method.invoke(launch, arguments));
    return (Launcher) Proxy.newProxyInstance(Launcher.class.getClassLoader(), new Class<?>[] {Launcher.class}, (self, method,
        arguments) -> method.getName().equals("launch") ? with : method.invoke(machine, arguments));
  }

  private static MonitorCommand typing() {
    return new MonitorCommand() {
      @Override
      public String name() {
        return "type";
      }

      @Override
      public String help() {
        return "type\n";
      }

      @Override
      public String execute(Machine to, List<String> words) {
        to.input("serial", "/uart@0", new byte[1]);
        return "";
      }
    };
  }

  private ScenarioResult run(String call) throws IOException {
    return run(hangingIn(call), "  - wait: 2s\n  - save: two\n  - wait: 1s\n");
  }

  private ScenarioResult run(Launcher launcher, String steps) throws IOException {
    BundleContext none = (BundleContext) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {BundleContext.class},
        (self, method, arguments) -> new Bundle[0]);
    Services services = new Services(none, launcher, null, List.of(), List.of(), List.of(), List.of(), List.of(typing()), List.of());
    RunOptions options = new RunOptions(Map.of(), Optional.empty(), line -> {}, b -> {}, HangLimit.ofSeconds(0.01), Optional.empty(),
        Optional.empty(), line -> {});
    Path file = Files.writeString(folder.resolve("a.yaml"),
        "limit: {virtual: 100s, host: 60s}\nguest: {name: tiny}\nsteps:\n" + steps);
    return new ScenarioRun(new ScriptReader(services.kinds(), List.of()).read(file, Map.of()), services, options).run();
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
  void aModelThatHangsWithWhatACommandGaveItToDoEndsTheScenario() throws IOException {
    ScenarioResult result = run(hangingWhenItIsAsked(), "  - monitor: type\n");
    assertEquals(ExitCode.INTERNAL_FAULT, result.exitCode(), result.report());
    assertTrue(result.report().contains(HANGS), result.report());
  }

  @Test
  void aModelThatHangsWhileTheMachineIsClosedIsSaid() throws IOException {
    ends(run("close"), "close the machine failed");
  }
}
