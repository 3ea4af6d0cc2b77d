// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.xenolith.boot.api.Availability;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.api.GuestRequest;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.boot.api.ProgressListener;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.scenario.api.ScenarioCheck;
import org.xenolith.scenario.api.ScenarioFault;
import org.xenolith.scenario.api.ScenarioResult;
import org.xenolith.scenario.api.ScenarioResult.Outcome;
import org.xenolith.scenario.api.ScenarioResult.StepResult;
import org.xenolith.scenario.api.ScenarioWait;
import org.xenolith.scenario.file.Kinds;
import org.xenolith.scenario.file.ScriptReader;

class ScenarioRunTest {
  private static final String HEAD = "limit: {virtual: 100s, host: 20s}\nguest: {name: tiny}\nsteps:\n";
  private ScriptedMachine machine = new ScriptedMachine(StopReason.POWER_OFF, "hello", "# prompt", "three", "four", "five");
  @TempDir
  Path folder;

  /** A check that is always of the other opinion. */
  private static final class Contrary implements ScenarioCheck {
    @Override
    public String kind() {
      return "domain";
    }

    @Override
    public Set<String> keys() {
      return Set.of("state");
    }

    @Override
    public Optional<String> complaint(Machine machine, Map<String, String> arguments) {
      if (arguments.get("state").equals("?")) {
        throw new IllegalArgumentException("'?': expected running");
      }
      return arguments.get("state").equals("running") ? Optional.empty() : Optional.of("the domain is running");
    }
  }

  /** A fault that lasts, unless it is a short one. */
  private final class Stuck implements ScenarioFault {
    @Override
    public String kind() {
      return "line";
    }

    @Override
    public Set<String> keys() {
      return Set.of("is");
    }

    @Override
    public void inject(Machine on, Map<String, String> arguments) {
      faults.add(arguments.get("is") + " from " + on.now() / 1_000_000_000L);
    }

    @Override
    public Optional<Runnable> begin(Machine on, Map<String, String> arguments) {
      inject(on, arguments);
      return arguments.get("is").equals("short") ? Optional.empty() : Optional.of(() -> faults.add(arguments.get("is") + " to " + on.now()
          / 1_000_000_000L));
    }
  }

  /** Waits for a virtual second. */
  private static final class Until implements ScenarioWait {
    @Override
    public String kind() {
      return "until";
    }

    @Override
    public Set<String> keys() {
      return Set.of();
    }

    @Override
    public Waiting begin(Machine machine, Map<String, String> arguments) {
      long second = Long.parseLong(arguments.get("until"));
      return new Waiting() {
        @Override
        public String expected() {
          return "second " + second + " comes";
        }

        @Override
        public boolean come() {
          return machine.now() == second * 1_000_000_000L;
        }

        @Override
        public String instead() {
          return "somebody was near";
        }

        @Override
        public void close() {}
      };
    }
  }

  private final List<String> faults = new ArrayList<>();

  @Test
  void aFaultLastsForItsTimeOrUntilItIsMendedOrTheScenarioEnds() throws IOException {
    assertTrue(run(
        "  - fault: line\n    is: high\n    for: 2s\n  - fault: line\n    is: low\n  - wait: 1s\n  - mend: line\n  - fault: line\n    is: odd\n"
            + "  - fault: line\n    is: short\n  - wait: 1s\n").passed());
    assertEquals(List.of("high from 0", "high to 2", "low from 2", "low to 3", "odd from 3", "short from 3", "odd to 4"), faults);
    failed("  - fault: line\n    is: short\n    for: 1s\n", "it is over at once; leave out 'for'");
    failed("  - fault: line\n    is: low\n  - save: a\n", "these last: line; mend them before");
  }

  @Test
  void whatABundleWaitsForComesInTimeOrFailsTheStep() throws IOException {
    assertTrue(run("  - until: 3\n    within: 3s\n").passed());
    failed("  - until: 5\n    within: 3s\n", "second 5 comes within 3 s of virtual time",
        "it did not come in that time; somebody was near");
    failed("  - until: x\n", "For input string");
  }

  /** A command that repeats its words. */
  private static final class Echo implements MonitorCommand {
    @Override
    public String name() {
      return "echo";
    }

    @Override
    public String help() {
      return "echo WORDS\n";
    }

    @Override
    public String execute(Machine machine, List<String> words) {
      if (words.isEmpty()) {
        throw new BadInput("usage: echo WORDS");
      }
      CompletableFuture<String> served = new CompletableFuture<>();
      machine.post(() -> served.complete(words.getFirst()));
      served.join(); // as one that waits for the machine to serve it
      return String.join(" ", words) + "\n";
    }
  }

  /** A guest of a few bytes. */
  private static final class Bytes implements GuestSource {
    @Override
    public String name() {
      return "bytes";
    }

    @Override
    public String description() {
      return "";
    }

    @Override
    public Availability availability() {
      throw new AssertionError("not asked");
    }

    @Override
    public GuestImage obtain(ProgressListener progress, GuestRequest request) {
      return new GuestImage("bytes", new byte[] {1, 2, 3}, Optional.empty(), "", List.of(), Optional.empty());
    }
  }

  private ScenarioResult run(ScriptedMachine on, String text) throws IOException {
    BundleContext none = (BundleContext) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {BundleContext.class},
        (self, method, arguments) -> new Bundle[0]);
    Services services = new Services(none, on, null, List.of(new Contrary()), List.of(new Stuck()), List.of(new Until()), List.of(), List
        .of(new Echo()), List.of(
            new Bytes()));
    Path file = Files.writeString(folder.resolve("a.scenario"), text);
    return new ScenarioRun(new ScriptReader(services.kinds(), List.of()).read(file, Map.of()), services, RunOptions.plain(Map.of())).run();
  }

  private ScenarioResult run(String steps) throws IOException {
    return run(machine, HEAD + steps);
  }

  private String failed(String steps, String... parts) throws IOException {
    machine = new ScriptedMachine(StopReason.POWER_OFF, "hello", "# prompt", "three", "four", "five");
    ScenarioResult result = run(steps);
    assertFalse(result.passed());
    assertTrue(machine.closed());
    for (String part : parts) {
      assertTrue(result.report().contains(part), result.report());
    }
    return result.report();
  }

  @Test
  void aScenarioThatPassesSaysWhenItEnded() throws IOException {
    ScenarioResult result = run("""
          - expect: hello
          - type: "ls\\n"
          - expect: '^# '
          - wait: 500ms
          - check: device
            node: /uart@0
          - check: device
            node: /rtc@1
            present: false
          - check: event
            kind: unmodelled-access
            count: 2
          - check: console
            lacks: WARNING
          - check: domain
            state: running
          - monitor: echo a b
            answers: ^a b$
          - end: poweroff
        """);
    assertTrue(result.passed(), result.report());
    assertEquals("", result.report());
    assertEquals(5_000_000_000L, result.virtualNanoseconds());
    assertEquals(12, result.steps().size());
    assertEquals(List.of("/uart@0 ls\n"), machine.typed);
    assertTrue(machine.closed());
  }

  @Test
  void theFirstFailingStepIsReportedWithWhatWhereAndWhen() throws IOException {
    String report = failed("  - expect: hello\n  - expect: goodbye\n    within: 1500ms\n  - wait: 1s\n",
        "a.scenario:5: step 2, expect goodbye, failed", "a line of /uart@0 that matches 'goodbye' within 1.5 s of virtual time",
        "it did not come in that time", "at 2.500000000 s of virtual time", "| hello", "| # prompt", "odd /rtc@1: first line");
    assertFalse(report.contains("three"), report);
  }

  @Test
  void aGuestThatEndsTheRunWithAStatusDidSoOnPurposeOnlyWithThatOne() throws IOException {
    assertTrue(run(new ScriptedMachine(StopReason.EXIT, "hello"), HEAD + "  - end: exit\n    status: 33\n").passed());
    for (String other : List.of("  - end: exit\n", "  - end: exit\n    status: 35\n", "  - end: poweroff\n", "  - expect: goodbye\n",
        "  - wait: 9s\n")) {
      ScenarioResult result = run(new ScriptedMachine(StopReason.EXIT, "hello"), HEAD + other);
      assertTrue(result.report().contains("the guest ended the run with exit status 33"), result::report);
      assertEquals(1, result.exitCode(), other);
    }
    failed("  - end: exit\n", "ends the run with exit status 0", "the guest powered off before");
  }

  @Test
  void stepsBehindAFailingOneAreSkipped() throws IOException {
    assertEquals(List.of(Outcome.PASSED, Outcome.FAILED, Outcome.SKIPPED), run("  - end: reset\n  - wait: 1s\n").steps().stream()
        .map(StepResult::outcome).toList());
  }

  @Test
  void whatIsNotAsExpectedIsSaid() throws IOException {
    failed("  - expect: goodbye\n", "the guest powered off before");
    failed("  - check: device\n    node: /rtc@1\n", "is present", "it is absent");
    failed("  - check: device\n    node: /none\n", "the board has no such node");
    failed("  - check: device\n    node: /uart@0\n    version: 1.0.1\n", "by version 1.0.1", "served by b.uart 1.0.0");
    failed("  - check: event\n    kind: unmodelled-access\n    at-most: 1\n", "at most 1 events", "there were 2");
    failed("  - expect: hello\n  - check: console\n    lacks: hello\n", "no line", "there is one");
    failed("  - digest: d\n  - wait: 1s\n  - check: digest\n    equals: d\n", "the digest of 'd'");
    failed("  - check: domain\n    state: paused\n", "the domain is running");
    failed("  - check: domain\n    state: '?'\n", "expected running");
    failed("  - monitor: echo\n", "usage: echo WORDS");
    failed("  - monitor: echo a\n    answers: b\n", "the answer is 'a'");
    failed("  - monitor: xl list\n", "no installed bundle offers the command 'xl'");
    failed("  - remove: b.none\n", "it is not installed");
    failed("  - type: x\n    on: dom1\n", "console 'dom1': no such console");
  }

  /** By the table that all commands have. */
  @Test
  void whyAScenarioFailedIsInItsExitCode() throws IOException {
    assertEquals(0, run("  - expect: hello\n").exitCode());
    for (String unseen : List.of("  - expect: goodbye\n", "  - expect: three\n    within: 1s\n", "  - end: poweroff\n    within: 1s\n",
        "  - end: reset\n",
        "  - check: console\n    shows: nothing\n")) {
      assertEquals(5, fresh(StopReason.POWER_OFF, unseen), unseen);
    }
    for (String wrong : List.of("  - remove: b.none\n", "  - monitor: echo\n", "  - check: device\n    node: /none\n",
        "  - type: x\n    on: dom1\n", "  - check: domain\n    state: '?'\n")) {
      assertEquals(2, fresh(StopReason.POWER_OFF, wrong), wrong);
    }
    for (String failed : List.of("  - check: device\n    node: /rtc@1\n", "  - expect: hello\n  - check: console\n"
        + "    lacks: hello\n", "  - wait: 50s\n")) {
      assertEquals(1, fresh(StopReason.POWER_OFF, failed), failed);
    }
    assertEquals(1, fresh(StopReason.RESET, "  - expect: goodbye\n"));
    assertEquals(1, fresh(StopReason.IDLE, "  - expect: goodbye\n"));
    assertEquals(4, fresh(StopReason.FAULT, "  - expect: goodbye\n"));
    assertEquals(3, run(machine, "limit: {virtual: 2500ms}\nguest: {name: tiny}\nsteps: [{expect: never}]\n").exitCode());
  }

  private int fresh(StopReason end, String steps) throws IOException {
    return run(new ScriptedMachine(end, "hello", "# prompt", "three", "four", "five"), HEAD + steps).exitCode();
  }

  @Test
  void theLimitsOfTheScenarioEndIt() throws IOException {
    String steps = "guest: {name: tiny}\nsteps: [{expect: never}]\n";
    ScenarioResult virtual = run(machine, "limit: {virtual: 2500ms}\n" + steps);
    assertTrue(virtual.report().contains("limit of 2.5 s of virtual time"), virtual.report());
    ScenarioResult host = run(new ScriptedMachine(null), "limit: {host: 300ms}\n" + steps);
    assertTrue(host.report().contains("limit of 0.3 s of host time"), host.report());
  }

  @Test
  void filesThatAScenarioBringsAreThereWhenItBegins() throws IOException {
    String text = "files: {a.cfg: 'x = 1', b.img: {random: {seed: 1, size: 512}}}\n" + HEAD + "  - expect: hello\n";
    assertTrue(run(machine, text).passed());
    Path file = folder.resolve("a.scenario");
    Path there = new ScriptReader(new Kinds(Map.of(), Map.of(), Map.of()), List.of()).read(file, Map.of()).folder();
    assertEquals("x = 1", Files.readString(there.resolve("a.cfg")));
    assertEquals(512, Files.size(there.resolve("b.img")));
    String guest = "files: {k: {guest: bytes, part: kernel}}\n" + HEAD + "  - expect: hello\n";
    for (int i = 0; i < 2; i++) {
      assertTrue(run(new ScriptedMachine(StopReason.IDLE, "hello"), guest).passed());
      Path kernel = new ScriptReader(new Kinds(Map.of(), Map.of(), Map.of()), List.of()).read(file, Map.of()).folder().resolve("k");
      assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(kernel));
      assertEquals(2, Files.getAttribute(kernel, "unix:nlink")); // the other one is in the cache for all scenarios
    }
    ScenarioResult noInitrd = run(new ScriptedMachine(StopReason.IDLE), guest.replace("kernel", "initrd"));
    assertTrue(noInitrd.report().contains("no first root file system"), noInitrd.report());
    String none = "files: {k: {guest: none, part: kernel}}\n" + HEAD + "  - expect: hello\n";
    ScenarioResult result = run(new ScriptedMachine(StopReason.IDLE), none);
    assertTrue(result.report().contains("guest 'none': no such guest"), result.report());
  }

  @Test
  void twoRunsEndTheSame() throws IOException {
    String steps = "  - expect: three\n";
    ScenarioResult first = run(new ScriptedMachine(StopReason.IDLE, "one", "three"), HEAD + steps);
    assertEquals(first.digest(), run(new ScriptedMachine(StopReason.IDLE, "one", "three"), HEAD + steps).digest());
    assertNotEquals(first.digest(), run(new ScriptedMachine(StopReason.IDLE, "one", "two", "three"), HEAD + steps).digest(), "another run");
  }

  @Test
  void aFaultOfOursIsNoFailureOfTheGuest() throws IOException {
    ScenarioResult result = run(new ScriptedMachine(StopReason.FAULT), HEAD + "  - wait: 1s\n");
    assertTrue(result.report().contains("internal fault"), result.report());
  }

  private static final String PANIC = "[    1.5] Kernel panic - not syncing: VFS: Unable to mount root fs";

  /** A guest that panics in its third second and then spins. */
  private static ScriptedMachine panicking() {
    String[] lines = new String[60];
    Arrays.fill(lines, "");
    lines[0] = "hello";
    lines[2] = PANIC;
    lines[3] = "---[ end Kernel panic - not syncing: VFS: Unable to mount root fs ]---";
    return new ScriptedMachine(StopReason.IDLE, lines);
  }

  @Test
  void aPanicFailsTheStepSoonWithThatReason() throws IOException {
    for (String step : List.of("  - expect: never\n", "  - wait: 50s\n", "  - end: poweroff\n", "  - wait: 4s\n  - wait: 1s\n")) {
      ScenarioResult result = run(panicking(), HEAD + "  - expect: hello\n" + step);
      assertFalse(result.passed());
      assertTrue(result.report().contains("the guest panicked: 'Kernel panic - not syncing: VFS: Unable to mount root fs'"), result
          .report());
      assertTrue(result.virtualNanoseconds() <= 5_000_000_000L, () -> step + result.virtualNanoseconds());
    }
  }

  @Test
  void aPanicThatIsExpectedFailsNothing() throws IOException {
    assertTrue(run(panicking(), HEAD + "  - expect: 'Kernel panic.*VFS'\n  - wait: 20s\n").passed());
    assertTrue(run(panicking(), HEAD + "  - expect: end Kernel panic\n  - wait: 20s\n").passed());
    assertTrue(run(panicking(), HEAD + "  - end: idle\n    within: 90s\n").report().contains("the guest panicked"));
    assertTrue(run(panicking(), "on-panic: continue\n" + HEAD + "  - wait: 20s\n").passed());
    assertFalse(run(panicking(), "on-panic: stop\n" + HEAD + "  - wait: 20s\n").passed());
    BadInput other = assertThrows(BadInput.class, () -> run(panicking(), "on-panic: maybe\n" + HEAD + "  - wait: 20s\n"));
    assertTrue(other.getMessage().contains("a.scenario:1: 'maybe': expected stop or continue"), other.getMessage());
  }

  @Test
  void aResetThatIsExpectedMayComeLongAfterThePanic() throws IOException {
    String[] lines = new String[20];
    Arrays.fill(lines, "");
    lines[2] = PANIC;
    assertTrue(run(new ScriptedMachine(StopReason.RESET, lines), HEAD + "  - end: reset\n").passed());
    String unforeseen = run(new ScriptedMachine(StopReason.RESET, "", PANIC), HEAD + "  - end: poweroff\n").report();
    assertTrue(unforeseen.contains("the guest panicked: 'Kernel panic"), unforeseen);
  }

  @Test
  void whatOnlyTellsOfAPanicIsNone() throws IOException {
    ScriptedMachine guest = new ScriptedMachine(StopReason.IDLE, "# echo Kernel panic - not syncing",
        "the log says: Kernel panic - not syncing: x",
        "Kernel panic - not synced", "", "", "", "", "", "", "");
    assertTrue(run(guest, HEAD + "  - wait: 10s\n").passed());
  }

  @Test
  void aMachineBootsAgainAfterAResetIfTheScenarioSaysSo() throws IOException {
    String twice = HEAD + "  - expect: hello\n  - expect: hello\n  - end: reset\n";
    assertTrue(run(new ScriptedMachine(StopReason.RESET, "hello"), "on-reset: boot\n" + twice).passed());
    assertTrue(run(new ScriptedMachine(StopReason.RESET, "hello"), twice).report().contains("the guest asked for a reset before"));
    assertFalse(run(new ScriptedMachine(StopReason.RESET, "hello"), "on-reset: stop\n" + twice).passed());
    String waits = HEAD + "  - expect: hello\n  - end: reset\n  - expect: hello\n  - end: reset\n";
    assertTrue(run(new ScriptedMachine(StopReason.RESET, "hello"), "on-reset: boot\n" + waits).passed());
    BadInput other = assertThrows(BadInput.class, () -> run(new ScriptedMachine(StopReason.RESET, "hello"), "on-reset: perhaps\n" + twice));
    assertTrue(other.getMessage().contains("'perhaps': expected boot or stop"), other.getMessage());
  }

  /** Its watch would stop whatever came in the machine's place. */
  @Test
  void noRunLeavesItsWatchBehind() throws Exception {
    Set<Thread> before = watches();
    assertTrue(run("  - expect: hello\n").passed());
    failed("  - expect: goodbye\n");
    failed("  - check: device\n    node: /none\n");
    for (Thread watch : watches()) {
      if (!before.contains(watch)) {
        watch.join(10_000); // one that is left waits for the host's limit, and then goes on for ever
        assertFalse(watch.isAlive(), "the watch of a run that is over");
      }
    }
  }

  private static Set<Thread> watches() {
    return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().equals("scenario limit")).collect(Collectors
        .toSet());
  }
}
