// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.commandline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.testkit.FullLane;

/** What the pages for CI services have a service's shell do, step by step out of the guide's own text, in a bare Debian: no Java, no rights, no network once the cache is there. */
@FullLane
class CiGuideTest {
  private static final Duration LONG = Duration.ofMinutes(25);
  private static final String HOME = "/home/ci";
  private static final String PROJECT = HOME + "/project";
  private static final String PASSES = """
      description: Debian boots.
      platform: {board: virt, memory: 256M}
      guest: {name: debian}
      steps:
        - expect: XENOLITH-MARKER
      """;
  private static final String FAILS = """
      description: Something never comes.
      platform: {board: virt, memory: 64M}
      guest: {name: tiny}
      steps:
        - expect: never
          within: 1s
      """;

  @TempDir
  Path work;

  @BeforeAll
  static void pack() throws InterruptedException {
    assertEquals("root", System.getProperty("user.name"), "only root can make a bare root file system and go into it");
    try (Program dist = Product.start("dist")) {
      dist.await(LONG).expect(0);
    }
  }

  @Test
  void gitHubsStepsPassOfflineWithTheCacheAndLeaveRecordingsOfWhatFails() throws Exception {
    String page = page("GitHub");
    jobs(all(page, "(?m)^ +- run: (.+)$"), "XENOLITH_CACHE=" + one(page, "XENOLITH_CACHE: (.+)").replace("${{ github.workspace }}",
        PROJECT),
        one(page, "(?s)path: \\|\\s+(recordings)\\b"), one(page, "(?s)path: \\|.*?(\\S+\\.xml)"));
    assertEquals(PROJECT + "/" + one(page, "path: (\\.\\S+)"), one(page, "XENOLITH_CACHE: (.+)").replace("${{ github.workspace }}",
        PROJECT),
        "what is kept is the cache");
  }

  @Test
  void gitLabsStepsPassOfflineWithTheCacheAndLeaveRecordingsOfWhatFails() throws Exception {
    String page = page("GitLab");
    String script = one(page, "(?s)\\n  script:\\n(.*?)\\n  \\w+:");
    jobs(all(script, "(?m)^ *- (.+)$"), "XENOLITH_CACHE=" + one(page, "XENOLITH_CACHE: (.+)").replace("$CI_PROJECT_DIR", PROJECT), one(page,
        "paths: \\[(recordings)\\]"), one(page, "junit: (\\S+)"));
    assertEquals("$CI_PROJECT_DIR/" + one(page, "paths: \\[(\\.[^\\]]+)\\]"), one(page, "XENOLITH_CACHE: (.+)"),
        "what is kept is the cache");
  }

  @Test
  void jenkinsStepsPassOfflineWithTheCacheAndLeaveRecordingsOfWhatFails() throws Exception {
    String page = page("Jenkins");
    jobs(all(page, "(?m)^ +sh '(.+)'$"), "XENOLITH_CACHE=" + one(page, "XENOLITH_CACHE = \"(.+)\"").replace("${env.HOME}", HOME), one(page,
        "artifacts: '(recordings)/\\*\\*'"), one(page, "junit '(\\S+)'"));
  }

  /** Two jobs: one that fetches the guest and passes, and one without a network, of which a scenario fails. */
  private void jobs(List<String> steps, String cache, String recordings, String report) throws Exception {
    assertEquals(2, steps.size(), steps::toString);
    Path project = Files.createDirectories(work.resolve("project"));
    Path scenarios = Files.createDirectories(project.resolve("scenarios"));
    Path file = Files.write(work.resolve("steps"), steps);
    Files.writeString(scenarios.resolve("boots.scenario"), PASSES);
    Path made = project.resolve("made");
    job(file, project, cache).expect(0);
    String results = Files.readString(made.resolve(report));
    assertTrue(results.contains("<testsuite name=\"boots\" tests=\"2\" failures=\"0\""), results);

    Files.writeString(scenarios.resolve("never.scenario"), FAILS);
    Outcome second = job(file, project, cache, "--offline");
    assertEquals(5, second.exit(), second::toString);
    results = Files.readString(made.resolve(report));
    assertTrue(results.contains("<testsuite name=\"boots\" tests=\"2\" failures=\"0\"") && results.contains(
        "<testsuite name=\"never\" tests=\"2\" failures=\"1\""), results);
    try (Stream<Path> kept = Files.list(made.resolve(recordings))) {
      assertTrue(kept.anyMatch(one -> one.getFileName().toString().contains("never")), recordings);
    }
  }

  private static Outcome job(Path steps, Path project, String cache, String... options) throws InterruptedException {
    ProcessBuilder script = new ProcessBuilder(Product.root().resolve("releng/archive/try-ci").toString());
    script.command().addAll(List.of(options));
    script.command().addAll(List.of(Product.root().resolve("dist/xenolith-1.0.0-linux-x86_64.tar.gz").toString(), "trixie", project
        .toString(),
        steps.toString(), cache));
    try (Program program = Program.start(script.redirectInput(new File("/dev/null")))) {
      return program.await(LONG);
    }
  }

  /** The file for a service: the block under its title. */
  private static String page(String service) throws IOException {
    return one(Files.readString(Product.root().resolve("docs/guides/ci.md")), "(?s)\\n## " + service + "\\n.*?```\\w+\\n(.*?)```");
  }

  private static String one(String text, String regex) {
    List<String> found = all(text, regex);
    assertTrue(!found.isEmpty(), () -> "'" + regex + "' isn't in\n" + text);
    return found.getFirst().strip();
  }

  private static List<String> all(String text, String regex) {
    List<String> found = new ArrayList<>();
    for (Matcher matcher = Pattern.compile(regex).matcher(text); matcher.find();) {
      found.add(matcher.group(1));
    }
    return found;
  }
}
