// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.scenario.api.ScenarioResult;
import org.xenolith.scenario.file.ScriptReader;

/**
 * What the steps {@code save} and {@code restore} say: what they did, and why they could not. Alone, as where runs have their folders is
 * the whole process's: a run of another class would put its own beside the one that is spoilt here.
 */
@Isolated
class SavedScenarioTest {
  private static final String TEMPORARY = "xenolith.temporary";
  private static final String HEAD = "limit: {virtual: 100s, host: 20s}\nguest: {name: tiny}\nsteps:\n  - wait: 2s\n";
  private final List<String> progress = new ArrayList<>();
  @TempDir
  Path folder;
  private String before;

  /** Runs have their folders where a test can spoil them. */
  @BeforeEach
  void useAFolderOfOurOwn() {
    before = System.getProperty(TEMPORARY);
    System.setProperty(TEMPORARY, folder.toString());
  }

  @AfterEach
  void useTheOtherAgain() {
    if (before == null) {
      System.clearProperty(TEMPORARY);
    } else {
      System.setProperty(TEMPORARY, before);
    }
  }

  /** A command that does to the run's folder what others may do who can write there. It spoils what no right keeps root from, too. */
  private final class Spoil implements MonitorCommand {
    @Override
    public String name() {
      return "spoil";
    }

    @Override
    public String help() {
      return "spoil\n";
    }

    @Override
    public String execute(Machine machine, List<String> words) {
      try {
        Path run = only(folder, "scenario-");
        switch (words.getFirst()) {
          case "occupy" -> {
            delete(run);
            Files.writeString(run, "no folder");
          }
          case "empty" -> Files.delete(only(only(run, "snapshot-"), ""));
          case "exchange" -> {
            Path snapshot = only(run, "snapshot-");
            delete(snapshot);
            Files.writeString(snapshot, "no folder");
          }
          default -> throw new IllegalArgumentException(words.toString());
        }
        return "";
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    private static void delete(Path tree) throws IOException {
      try (Stream<Path> all = Files.walk(tree)) {
        for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }

    private static Path only(Path in, String begins) throws IOException {
      try (Stream<Path> all = Files.list(in)) {
        List<Path> such = all.filter(each -> each.getFileName().toString().startsWith(begins)).toList();
        assertEquals(1, such.size(), such::toString);
        return such.getFirst();
      }
    }
  }

  private ScenarioResult run(String steps) throws IOException {
    BundleContext none = (BundleContext) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {BundleContext.class},
        (self, method, arguments) -> new Bundle[0]);
    ScriptedMachine machine = new ScriptedMachine(StopReason.POWER_OFF, "one", "two", "three", "four", "five");
    Services services = new Services(none, machine, null, List.of(), List.of(), List.of(), List.of(), List.of(new Spoil()), List.of());
    Path file = Files.writeString(folder.resolve("a.yaml"), HEAD + steps);
    RunOptions options = new RunOptions(Map.of(), Optional.empty(), progress::add, b -> {});
    return new ScenarioRun(new ScriptReader(services.kinds(), List.of()).read(file, Map.of()), services, options).run();
  }

  private void failed(String steps, String expected) throws IOException {
    ScenarioResult result = run(steps);
    assertFalse(result.passed());
    assertEquals(2, result.exitCode(), result.report());
    String report = result.report().replaceAll("scenario-[0-9]+", "scenario-N").replaceAll("snapshot-[-0-9a-f]+", "snapshot-X").replace(
        folder
            .toString(), "TMP");
    assertTrue(report.contains("\n  instead:  " + expected + "\n"), report);
    assertFalse(report.contains("Exception"), report);
  }

  @Test
  void savingAndRestoringAreTold() throws IOException {
    ScenarioResult result = run("  - save: two\n  - wait: 2s\n  - restore: two\n  - expect: three\n");
    assertTrue(result.passed(), result.report());
    assertEquals(List.of("saved 'two' at 2 s of virtual time", "restored 'two', which goes on at 2 s of virtual time"), progress);
    assertEquals(3_000_000_000L, result.virtualNanoseconds());
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamedWithWhatHelps() throws IOException {
    failed("  - monitor: spoil occupy\n  - save: two\n", "the snapshot 'two' can't be written: TMP/scenario-N/snapshot-X: what should be a"
        + " folder on the way there is none; it belongs into the run's own folder: set TMPDIR to one that can be written and has room");
    assertEquals(List.of(), progress);
  }

  @Test
  void aSnapshotThatCannotBeReadIsNamed() throws IOException {
    failed("  - save: two\n  - monitor: spoil empty\n  - restore: two\n",
        "the snapshot 'two' can't be restored: the snapshot 'TMP/scenario-N/snapshot-X': there is no TMP/scenario-N/snapshot-X/time.txt");
    failed("  - save: two\n  - monitor: spoil exchange\n  - restore: two\n", "the snapshot 'two' can't be restored: the snapshot"
        + " 'TMP/scenario-N/snapshot-X': TMP/scenario-N/snapshot-X/time.txt: what should be a folder on the way there is none");
    assertEquals(List.of("saved 'two' at 2 s of virtual time", "saved 'two' at 2 s of virtual time"), progress);
  }
}
