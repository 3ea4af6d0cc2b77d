// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu.x64;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.xenolith.testkit.Lane;

/** Everything of {@link X64ScenarioMaker.Kind} on the x86-64 interpreter, as {@code qemu-system-x86_64} has them in the same run; code of all levels on all engines. */
class X64ScenariosTest {
  private static final long SEED = 20_261_127L;
  private static final String PROGRAM = "qemu-system-x86_64";

  /** Some tens of thousands of each kind in the full lane. */
  @TestFactory
  Stream<DynamicTest> everyScenarioEndsAsQemuEndsIt() {
    String qemu = Stream.of(System.getenv("PATH").split(File.pathSeparator)).map(folder -> Path.of(folder, PROGRAM)).filter(
        Files::isExecutable).findFirst().map(Path::toString).orElseThrow(() -> new AssertionError(PROGRAM
            + " is not on PATH: install qemu-system-x86, or let releng/test-tools fetch it"));
    return Stream.of(X64ScenarioMaker.Kind.values()).map(kind -> DynamicTest.dynamicTest(kind.name(), () -> assertEquals(List.of(),
        new X64ScenarioRun(qemu, kind, List.of(X64Engine.INTERPRETER)).differences(SEED, Lane.full() ? 35_000 : 1_500))));
  }

  /** Machine code without translations, with those of its own and with those of an earlier run. */
  @TestFactory
  Stream<DynamicTest> everyEngineEndsAScenarioAsTheInterpreterDoes() {
    List<X64Engine> engines = Stream.of(X64Engine.values()).filter(X64Engine::here).toList();
    return engines.size() < 2 ? Stream.empty() : Stream.of(X64ScenarioMaker.Kind.USER, X64ScenarioMaker.Kind.PRIVILEGED).map(
        kind -> DynamicTest.dynamicTest(kind
            .name(), () -> assertEquals(List.of(), new X64ScenarioRun(null, kind, engines).differences(SEED, Lane.full() ? 35_000
                : 1_500))));
  }
}
