// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.commandline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Product;

/** {@code ./xenolith test --full} that is interrupted, with the script's own functions and three classes of tests that nobody builds. */
class FullRunTest {
  /** What is Maven's, the JDK's or the display's. A test's class writes its report unless it passed before; the run ends at DIE. */
  private static final String WITHOUT_MAVEN = """
      set -euo pipefail
      root=$1 control=$2 jdk=none cache=none
      shift 2
      say() { printf '%s\\n' "$*"; }
      fail() { say "$@"; exit 2; }
      show_usage() { :; }
      maven_options() { :; }
      find_jdk() { :; }
      show_failure() { :; }
      take_stamps() { :; }
      keep_stamps() { :; }
      make_reference() { :; }
      . "$root/releng/sh/tests.sh"
      use_unseen_display() { :; }
      run_maven() {
        local name reports=$root/tests/t/target/surefire-reports text
        mkdir -p "$reports" "$(dirname "$1")"
        printf '%s\\n' "$*" >"$1"
        for name in A B C; do
          [[ "$*" != *"a/${name}Test.class"* ]] || continue
          [[ ! -e $control/die-$name ]] || kill -KILL $$
          text='<testcase name="x" classname="a.'$name'Test"/>'
          [[ ! -e $control/fail-$name ]] || text='<testcase name="x" classname="a.'$name'Test"><failure message="expected: &lt;1&gt;&#10;&amp; no other" /></testcase>'
          printf '<testsuite name="a.%sTest" tests="1" errors="0" failures="%s" skipped="0">\\n%s\\n</testsuite>\\n' \\
            "$name" "$([[ $text == *failure* ]] && echo 1 || echo 0)" "$text" >"$reports/TEST-a.${name}Test.xml"
        done
      }
      run_tests "$@"
      """;

  @TempDir
  private Path work;
  private Path root;
  private Path control;

  @BeforeEach
  void makeACheckout() throws IOException {
    root = work.resolve("root");
    control = Files.createDirectories(work.resolve("control"));
    for (String folder : List.of("bundles", "product", "tests/t", "releng/sh")) {
      Files.createDirectories(root.resolve(folder));
    }
    for (String script : List.of("tests.sh", "full.sh", "display.sh", "silence.sh")) {
      Files.copy(Product.root().resolve("releng/sh").resolve(script), root.resolve("releng/sh").resolve(script));
    }
    Files.writeString(root.resolve("releng/test-tools"), "#!/bin/sh\n").toFile().setExecutable(true);
    Files.writeString(work.resolve("run.sh"), WITHOUT_MAVEN);
  }

  private String run(String... arguments) throws IOException, InterruptedException {
    List<String> line = new java.util.ArrayList<>(List.of("bash", work.resolve("run.sh").toString(), root.toString(), control.toString()));
    line.addAll(List.of(arguments));
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return text.strip();
  }

  private boolean logHas(int part, String text) throws IOException {
    return Files.readString(root.resolve("target/full/test-" + part + ".log")).contains(text);
  }

  @Test
  void whatPassedBeforeTheInterruptionIsNotDoneAgain() throws IOException, InterruptedException {
    Files.createFile(control.resolve("die-C"));
    Files.createFile(control.resolve("fail-B"));
    assertFalse(run("--full").contains("passed,"), "killed in the middle");
    Files.delete(control.resolve("die-C"));
    String failed = run("--full");
    assertTrue(failed.startsWith("going on: 1 classes have passed") && failed.endsWith(
        "FAILED a.BTest.x\n  expected: <1> & no other\n2 passed, 1 failed, 0 skipped"),
        failed);
    assertTrue(logHas(2, "a/ATest.class") && !logHas(2, "a/BTest.class") && !logHas(2, "a/CTest.class"));
    Files.delete(control.resolve("fail-B"));
    String done = run("--full");
    assertTrue(done.startsWith("going on: 2 classes have passed") && done.endsWith("3 passed, 0 failed, 0 skipped"), done);
    assertTrue(logHas(1, "-Dxenolith.unitCompilers=-XX:TieredStopAtLevel=4"), "unit tests have both compilers");
    assertTrue(logHas(1, "verify") && logHas(3, "a/ATest.class,a/CTest.class"), "the log of each part is kept");
    assertEquals("3 passed, 0 failed, 0 skipped", run("--full"), "one that is done begins anew");
  }

  @Test
  void otherSourcesAndOtherLanesCountForNothing() throws IOException, InterruptedException {
    assertEquals("3 passed, 0 failed, 0 skipped", run());
    assertFalse(Files.exists(root.resolve("target/full")));
    Files.createFile(control.resolve("die-C"));
    run("--full");
    Files.delete(control.resolve("die-C"));
    assertEquals("3 passed, 0 failed, 0 skipped", run(), "the default lane, of which nothing is kept");
    Files.createFile(control.resolve("fail-C"));
    assertTrue(run("--full").startsWith("going on: 2 classes"), "nor do its classes count as passed");
    Files.delete(control.resolve("fail-C"));
    Files.writeString(root.resolve("bundles/source"), "changed");
    assertEquals("3 passed, 0 failed, 0 skipped", run("--full"));
  }
}
